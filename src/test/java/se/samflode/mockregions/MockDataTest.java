package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.FileSystemResource;
import org.xml.sax.SAXException;
import se.samflode.config.YamlFiles;
import se.samflode.mockregions.RegionsFile.Place;
import se.samflode.mockregions.RegionsFile.Region;

/** What the generated data promises, and that the files in mock-regions agree. */
class MockDataTest {

  private static final LocalDate START = LocalDate.of(2026, 11, 21);
  private static final Path FOLDER = MockRegions.FOLDER;

  private final RegionsFile file =
      RegionsFile.read(new FileSystemResource(FOLDER.resolve("regions.yaml")));
  private final World world = Generator.generate(file, 42, START);
  private final Map<String, List<Engagement>> engagements = world.engagements(file);

  @Test
  void thereAre21RegionsWithPortsInOrderAndRealOrganisationNumbers() {
    assertThat(file.regions())
        .extracting(Region::port)
        .containsExactlyElementsOf(IntStream.rangeClosed(8101, 8121).boxed().toList());
    assertThat(file.regions()).extracting(Region::id).doesNotHaveDuplicates();
    assertThat(file.regions())
        .allSatisfy(region -> {
          assertThat(region.id()).matches("[a-z-]+");
          assertThat(luhn(region.organisationNumber())).isTrue();
          assertThat(region.places()).hasSizeGreaterThan(1);
          assertThat(region.places())
              .allSatisfy(place ->
                  assertThat(place.unit().hsaId())
                      .matches("SE" + region.organisationNumber() + "-[A-Za-z0-9]+"));
        });
    assertThat(file.regions()).filteredOn(region -> region.systems().size() > 1).hasSize(3);
  }

  @Test
  void theRegionsThatOthersRelyOnAreHealthy() {
    assertThat(file.regions())
        .filteredOn(region -> region.behaviour().healthy())
        .extracting(Region::id)
        .contains(
            "stockholm",
            "uppsala",
            "ostergotland",
            "skane",
            "vastra-gotaland",
            "halland",
            "orebro",
            "norrbotten");
    assertThat(file.regions())
        .filteredOn(region -> region.behaviour().down())
        .extracting(Region::id)
        .containsExactly("gotland");
    assertThat(file.regions()).filteredOn(region -> region.behaviour().slow()).hasSize(2);
  }

  @Test
  void sameSeedAndDayGiveTheSameDataAndAnotherSeedOther() {
    // when
    World again = Generator.generate(file, 42, START);
    World other = Generator.generate(file, 43, START);
    World later = Generator.generate(file, 42, START.plusDays(10));

    // then
    assertThat(again.equals(world)).isTrue();
    assertThat(other.equals(world)).isFalse();
    assertThat(later.residents().equals(world.residents())).isTrue();
    assertThat(later.allBookings().map(BookingFact::start))
        .containsExactlyElementsOf(
            world.allBookings().map(booking -> booking.start().plusDays(10)).toList());
  }

  @Test
  void residentsDifferLikeRealOnes() {
    // when
    Map<Resident.Kind, Long> kinds =
        world.residents().stream().collect(groupingBy(Resident::kind, Collectors.counting()));
    List<Integer> counts =
        world.residents().stream()
            .map(resident -> world.bookings().getOrDefault(resident.id(), List.of()).size())
            .toList();
    Set<Long> regions = new TreeSet<>();
    world
        .bookings()
        .values()
        .forEach(of -> regions.add(of.stream().map(BookingFact::region).distinct().count()));

    // then
    assertThat(kinds).hasSize(3).allSatisfy((kind, count) -> assertThat(count).isGreaterThan(20));
    assertThat(world.residents()).hasSizeGreaterThan(500);
    assertThat(world.residents().stream().map(Resident::id).distinct().count())
        .isEqualTo(world.residents().size());
    assertThat(counts).contains(0, 1, 2, 5, 20, 1000);
    assertThat(regions).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(world.allBookings().map(BookingFact::way)).contains(BookingFact.Way.values());
    assertThat(world.allBookings().filter(BookingFact::invitation).count()).isGreaterThan(50);
  }

  @Test
  void theFirstResidentShowsAnHonestGapAndTheSecondACompleteAnswer() {
    assertThat(regionsOf(0)).containsExactly("gotland", "skane", "stockholm");
    assertThat(regionsOf(1)).containsExactly("ostergotland", "stockholm", "uppsala");
    assertThat(world.residents().getFirst().shows()).contains("Region Gotland is down");
  }

  @Test
  void bookingsLieAheadAndHaveTheirIdOncePerSystem() {
    assertThat(world.allBookings())
        .allSatisfy(booking -> {
          assertThat(booking.start().toLocalDate())
              .isBetween(START.plusDays(1), START.plusDays(120));
          assertThat(booking.end()).isAfter(booking.start());
        });
    assertThat(world.allBookings().map(booking -> booking.producer() + booking.bookingId()))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyTextHasSwedishLettersAndSomeAreDocBook() {
    // when
    List<String> texts =
        world
            .allBookings()
            .flatMap(b ->
                Stream.of(
                    b.careUnitName(),
                    b.performerName(),
                    b.purpose(),
                    b.reason(),
                    b.careTypeName(),
                    b.way().timeTypeName(),
                    b.way().resourceName()))
            .filter(Objects::nonNull)
            .distinct()
            .toList();

    // then
    assertThat(texts).allMatch(text -> text.matches("(?s).*[åäöÅÄÖ].*"));
    assertThat(texts).anyMatch(text -> text.startsWith("<article"));
  }

  @Test
  void theIndexIsToldOfEveryBooking() {
    // when
    List<Engagement> told = told("riv:crm:scheduling");

    // then
    assertThat(told).hasSize((int) world.allBookings().count());
    assertThat(told)
        .allSatisfy(one -> assertThat(one.categorization()).isIn("Booking", "Invitation"));
  }

  @Test
  void theIndexIsToldOnceOfAllThatASystemHasOfAResidentAndOfItsNewestEvent() {
    for (RecordFact fact : world.records()) {
      // when
      List<Engagement> told =
          told(fact.serviceDomain()).stream()
              .filter(one -> one.residentId().equals(fact.residentId()))
              .filter(one -> one.categorization().equals(fact.categorization()))
              .filter(one -> one.sourceSystem().equals(fact.sourceSystem()))
              .toList();

      // then
      assertThat(told)
          .singleElement()
          .satisfies(one -> {
            assertThat(one.logicalAddress()).isEqualTo(fact.sourceSystem());
            assertThat(one.businessObject()).isEqualTo("NA");
            assertThat(one.mostRecentContent()).isAfterOrEqualTo(fact.end());
          });
    }
    assertThat(world.records().stream().map(RecordFact::categorization).distinct())
        .contains("vko", "voo", "dia", "und-kkm-ure", "und-kon-ure", "cll-cp", "1", "2", "4", "10");
  }

  @Test
  void everySystemTellsTheIndexInItsOwnName() {
    assertThat(engagements)
        .allSatisfy((system, of) ->
            assertThat(of)
                .allSatisfy(engagement -> {
                  assertThat(engagement.sourceSystem()).isEqualTo(system);
                  assertThat(system).startsWith(engagement.dataController() + "-");
                }));
  }

  private List<Engagement> told(String serviceDomain) {
    return engagements.values().stream()
        .flatMap(List::stream)
        .filter(one -> one.serviceDomain().equals(serviceDomain))
        .toList();
  }

  @Test
  void noDataPrintsAnIdentity() {
    // when
    String printed =
        world.residents()
            + world.allBookings().toList().toString()
            + world.records()
            + engagements
            + BookingSystemSoap.ask("SE1", world.residents().getFirst().id());

    // then
    assertThat(world.residents().stream().filter(r -> printed.contains(r.id())).count()).isZero();
  }

  record Producers(List<Producer> producers) {}

  record Producer(
      String id,
      String region,
      String name,
      String url,
      String dialect,
      List<String> addresses,
      List<String> contracts,
      Map<String, String> timeouts,
      Map<String, Integer> limits) {}

  record Units(Map<String, String> units) {}

  @Test
  void producersAndUnitsSayTheSameAsRegions() {
    // given
    List<Producer> producers = read("producers.yaml", Producers.class).producers();
    Map<String, String> parents = read("units.yaml", Units.class).units();

    // when
    Map<String, String> children = new HashMap<>();
    Map<String, String> expected = new HashMap<>();
    List<String> urls = new ArrayList<>();
    Map<String, List<String>> contracts = new HashMap<>();
    for (Region region : file.regions()) {
      for (Place place : region.places()) {
        expected.put(place.unit().hsaId(), place.producer());
        if (place.unit().childOf() != null) {
          children.put(place.unit().hsaId(), place.unit().childOf());
        }
      }
      region
          .systems()
          .forEach(system -> {
            urls.add(entry(region, system.id(), system.name()));
            contracts.put(region.id() + "-" + system.id(), List.of(BookingSystemSoap.CONTRACT));
          });
      region
          .recordSystems()
          .forEach(system -> {
            urls.add(entry(region, system.id(), system.name()));
            contracts.put(region.id() + "-" + system.id(), system.contracts());
            expected.put(system.hsaId(), region.id() + "-" + system.id());
          });
    }

    // then
    assertThat(parents).isEqualTo(children);
    assertThat(producers)
        .extracting(producer -> producer.id() + " " + producer.name() + " " + producer.url())
        .containsExactlyElementsOf(urls);
    assertThat(producers)
        .allSatisfy(producer -> {
          assertThat(producer.id()).startsWith(producer.region() + "-");
          assertThat(producer.contracts()).isEqualTo(contracts.get(producer.id()));
        });
    Map<String, String> answering = new HashMap<>();
    producers.forEach(p -> p.addresses().forEach(address -> answering.put(address, p.id())));
    expected.forEach((unit, producer) ->
        assertThat(answering.getOrDefault(unit, answering.get(parents.get(unit))))
            .as(unit)
            .isEqualTo(producer));
  }

  private static String entry(Region region, String system, String name) {
    return "%s-%s %s, %s http://localhost:%d/%1$s/%2$s"
        .formatted(region.id(), system, region.name(), name, region.port());
  }

  @Test
  void partsOfTwoClinicsAreKeptByDifferentSystems() {
    // given
    Map<String, Set<String>> systems = new HashMap<>();
    file.regions().stream()
        .flatMap(region -> region.places().stream())
        .filter(place -> place.unit().childOf() != null)
        .forEach(place ->
            systems
                .computeIfAbsent(String.valueOf(place.unit().childOf()), c -> new TreeSet<>())
                .add(place.producer()));

    // then
    assertThat(systems).hasSize(2).allSatisfy((clinic, of) -> assertThat(of).hasSize(2));
  }

  @Test
  void answersAreValidAgainstTheOriginalSchema() throws Exception {
    // given
    OriginalSchemas schemas =
        OriginalSchemas.atHand(
            "crm-scheduling-1.1/interactions/GetSubjectOfCareScheduleInteraction/"
                + "GetSubjectOfCareScheduleResponder_1.1.xsd");
    Region skane = file.regions().get(9);
    BookingSystemSoap soap =
        new BookingSystemSoap(skane.systems().getFirst(), new Bookings(world.bookings()));
    List<BookingFact> asked =
        world
            .allBookings()
            .filter(b -> b.producer().equals("skane-tidbok") && b.residentId().matches("\\d{12}"))
            .toList();

    for (BookingFact booking : asked) {
      // when
      byte[] answer = soap.answer(BookingSystemSoap.ask(booking.careUnit(), booking.residentId()));

      // then
      schemas.validateBody(new String(answer, UTF_8));
    }
    BookingFact first = asked.getFirst();
    String wrong =
        new String(soap.answer(BookingSystemSoap.ask(first.careUnit(), first.residentId())), UTF_8)
            .replace("c:bookingId", "c:bookId");
    assertThatThrownBy(() -> schemas.validateBody(wrong)).isInstanceOf(SAXException.class);
    assertThat(asked).hasSizeGreaterThan(50);
    assertThat(asked).anyMatch(BookingFact::invitation);
  }

  private List<String> regionsOf(int resident) {
    return world.bookings().getOrDefault(world.residents().get(resident).id(), List.of()).stream()
        .map(BookingFact::region)
        .distinct()
        .sorted()
        .toList();
  }

  private static <T> T read(String name, Class<T> type) {
    return YamlFiles.read(new FileSystemResource(FOLDER.resolve(name)), type);
  }

  private static boolean luhn(String number) {
    int sum =
        IntStream.range(0, number.length())
            .map(i -> Character.digit(number.charAt(i), 10) * (2 - i % 2))
            .map(product -> product / 10 + product % 10)
            .sum();
    return number.length() == 10 && sum % 10 == 0;
  }
}
