package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.endtoend.HttpCaller.assertProblem;

import java.net.http.HttpResponse;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.RequestBody;
import se.samflode.contract.RequestEnvelope;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.Fault;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.RecordFact;
import se.samflode.mockregions.Resident;
import se.samflode.readmodel.Kind;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/** What a front end gets of each kind of content but booked times, from the regions' records. */
class ReadModelsIT {

  private static final ZoneId SWEDEN = ZoneId.of("Europe/Stockholm");
  private static final Contracts CONTRACTS = new Contracts();

  private final MockRegions regions = RunningSystem.get().regions();
  private final HttpCaller caller = new HttpCaller();

  /** Has every kind of record in Stockholm, Uppsala and Östergötland. */
  private final String resident = Residents.whoShows("a complete answer");

  /** Has every kind of record in Stockholm, Skåne and Gotland. */
  private final String withGap = Residents.whoShows("an answer with an honest gap");

  @AfterEach
  void restore() {
    regions.restore("uppsala");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BOOKINGS")
  void givesEveryRecordOfEveryRegionNewestFirst(Kind kind) {
    // given
    List<RecordFact> all = records(kind, resident);
    List<RecordFact> shown = shown(all);

    // when
    JsonNode answer = ask(kind, resident, "");

    // then
    assertThat(answer.path("complete").asBoolean()).isTrue();
    assertThat(answer.has("next")).isFalse();
    assertThat(items(answer).stream().map(item -> told(kind, item)))
        .containsExactlyInAnyOrderElementsOf(shown.stream().map(ReadModelsIT::expected).toList());
    assertThat(times(kind, answer)).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(sources(answer).map(ReadModelsIT::told))
        .containsExactlyInAnyOrderElementsOf(
            all.stream()
                .map(fact ->
                    "%s %s LIVE %d 0"
                        .formatted(
                            fact.sourceSystem(), fact.producer(), of(fact.region(), shown).size()))
                .distinct()
                .toList());
    assertThat(answer.toString()).doesNotContain(resident);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BOOKINGS")
  void anItemHasAnIdOfItsOwnAndKeepsIt(Kind kind) {
    // when
    List<String> first = texts(ask(kind, resident, ""), "id");
    List<String> second = texts(ask(kind, resident, ""), "id");

    // then
    assertThat(second).isEqualTo(first).doesNotHaveDuplicates().isNotEmpty();
    assertThat(first).allMatch(id -> id.matches("[A-Za-z0-9_-]{24}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LAB_RESULTS        | GetLaboratoryOrderOutcome 3 | GetLaboratoryOrderOutcome 4
          CARE_DOCUMENTATION | GetCareDocumentation 2      | GetCareDocumentation 3
          CARE_CONTACTS      | GetCareContacts 2           | GetCareContacts 3
          """)
  void versionsOfOneContractAreOneReadModel(Kind kind, String older, String newer) {
    // given
    regions.clearCalls();

    // when
    JsonNode answer = ask(kind, resident, "");

    // then
    assertThat(askedOf(Set.of("stockholm", "uppsala", "ostergotland")).values())
        .allSatisfy(asked -> assertThat(asked).hasSize(1))
        .anySatisfy(asked -> assertThat(asked).containsExactly(older))
        .anySatisfy(asked -> assertThat(asked).containsExactly(newer));
    assertThat(items(answer).stream().map(item -> content(kind, item)))
        .containsExactlyInAnyOrderElementsOf(
            shown(records(kind, resident)).stream().map(fact -> content(kind, fact)).toList());
  }

  @ParameterizedTest
  @CsvSource({"CARE_DOCUMENTATION,2", "DIAGNOSES,1", "LAB_RESULTS,1"})
  void whatIsWithdrawnOrNotForTheResidentIsNeitherShownNorMissing(Kind kind, int hidden) {
    // given
    List<RecordFact> all = records(kind, resident);
    List<RecordFact> kept = new ArrayList<>(all);
    kept.removeAll(shown(all));

    // when
    JsonNode answer = ask(kind, resident, "");

    // then
    assertThat(kept).hasSize(hidden);
    assertThat(items(answer).stream().map(item -> told(kind, item)))
        .isNotEmpty()
        .doesNotContainAnyElementsOf(kept.stream().map(ReadModelsIT::expected).toList());
    assertThat(answer.toString())
        .doesNotContain(kept.stream().map(fact -> fact.values().get("title") + "\"").toList());
    assertThat(sources(answer).map(source -> source.path("leftOut").asInt(-1))).containsOnly(0);
    assertThat(answer.path("complete").asBoolean()).isTrue();
  }

  @Test
  void aSystemWithBothVersionsIsAskedTheNewerOneOnly() {
    // given
    List<RecordFact> inSkane = of("skane", shown(records(Kind.LAB_RESULTS, withGap)));
    regions.clearCalls();

    // when
    JsonNode answer = ask(Kind.LAB_RESULTS, withGap, "");

    // then
    assertThat(calls("skane")).isEqualTo(Map.of("GetLaboratoryOrderOutcome 4", 1L));
    assertThat(
            items(answer).stream()
                .filter(item -> item.path("source").asString().startsWith("SE2321000255-"))
                .map(item -> told(Kind.LAB_RESULTS, item)))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(inSkane.stream().map(ReadModelsIT::expected).toList());
  }

  @Test
  void whoAnswersForEverythingElseIsNotAskedWhereSomebodyIsNamed() throws Exception {
    // given
    try (Registry registry = new Registry();
        RawProducer rest = new RawProducer()) {
      registry.write(
          registry.original()
              + Registry.producer(
                  "rest", rest.url(), "\"*\"", "{}", "GetLaboratoryOrderOutcome 4"));

      // when
      JsonNode answer = ask(Kind.LAB_RESULTS, resident, "");

      // then
      assertThat(rest.received()).isEmpty();
      assertThat(answer.path("complete").asBoolean()).isTrue();
      assertThat(items(answer)).hasSameSizeAs(shown(records(Kind.LAB_RESULTS, resident)));
    }
  }

  @Test
  void readsThePagesThatASourceCuts() {
    // given
    List<RecordFact> inStockholm = of("stockholm", records(Kind.CARE_DOCUMENTATION, resident));
    regions.clearCalls();

    // when
    JsonNode answer = ask(Kind.CARE_DOCUMENTATION, resident, "");

    // then
    assertThat(inStockholm).hasSize(3);
    assertThat(calls("stockholm")).isEqualTo(Map.of("GetCareDocumentation 3", 2L));
    assertThat(texts(answer, "documentId"))
        .containsAll(inStockholm.stream().map(RecordFact::id).toList());
    assertThat(answer.path("complete").asBoolean()).isTrue();
    assertThat(sources(answer)).noneMatch(source -> source.has("morePages"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CARE_DOCUMENTATION | Uppgifter från före 2019 visas inte. Fråga mottagningen.
          LAB_RESULTS        | Svar från före 2019 visas inte. Fråga mottagningen.
          """)
  void whatASourceSaysAboutItsAnswerReachesTheResident(Kind kind, String text) {
    // given
    String address = of("ostergotland", records(kind, resident)).getFirst().sourceSystem();

    // when
    JsonNode answer = ask(kind, resident, "");

    // then
    assertThat(HttpCaller.source(answer, address).path("messages").valueStream())
        .extracting(JsonNode::asString)
        .containsExactly(text);
    assertThat(sources(answer).filter(source -> source.has("messages"))).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BOOKINGS")
  void aRegionThatIsDownIsAnHonestGap(Kind kind) {
    // given
    List<RecordFact> all = records(kind, withGap);
    String down = of("gotland", all).getFirst().sourceSystem();

    // when
    JsonNode answer = ask(kind, withGap, "");

    // then
    assertThat(answer.path("complete").asBoolean()).isFalse();
    assertThat(HttpCaller.source(answer, down).path("outcome").asString()).isEqualTo("FAILED");
    assertThat(HttpCaller.source(answer, down).path("reason").asString()).isEqualTo("refused");
    assertThat(sources(answer).filter(source -> source.has("reason"))).hasSize(1);
    assertThat(items(answer).stream().map(item -> told(kind, item)))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            shown(all).stream()
                .filter(fact -> !fact.region().equals("gotland"))
                .map(ReadModelsIT::expected)
                .toList());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BOOKINGS")
  void nothingIsShownOfASourceThatTellsOfSomebodyElse(Kind kind) {
    // given
    List<RecordFact> all = records(kind, resident);
    String wrong = of("uppsala", all).getFirst().sourceSystem();
    regions.setBehaviour("uppsala", new Behaviour(0, Fault.OTHER_RESIDENT));

    // when
    JsonNode answer = ask(kind, resident, "");

    // then
    assertThat(answer.path("complete").asBoolean()).isFalse();
    assertThat(HttpCaller.source(answer, wrong).path("outcome").asString()).isEqualTo("FAILED");
    assertThat(HttpCaller.source(answer, wrong).path("reason").asString())
        .isEqualTo("wrong-resident");
    assertThat(items(answer).stream().map(item -> told(kind, item)))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            shown(all).stream()
                .filter(fact -> !fact.region().equals("uppsala"))
                .map(ReadModelsIT::expected)
                .toList());
  }

  @ParameterizedTest
  @EnumSource
  void nothingOfTheMedicalRecordOfAChildIsTold(Kind kind) {
    // given: born in 2022 or 2023
    String child = whoHas(Resident.Kind.SAMORDNINGSNUMMER, "request-activity");
    regions.clearCalls();

    // when
    HttpResponse<String> answer = caller.send(caller.request(kind, child, "").GET());

    // then
    if (kind.clinical()) {
      assertProblem(answer, 403, "too-young", null);
      assertThat(regions.calls().values()).allMatch(Map::isEmpty);
    } else {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(items(HttpCaller.json(answer))).isNotEmpty();
    }
  }

  @Test
  void aReserveNumberHasItsResultOverSoap() throws Exception {
    // given
    String reserve = whoHas(Resident.Kind.RESERVE, "laboratory");
    RecordFact result = regions.records(reserve).getFirst();
    List<String> found = new ArrayList<>();

    // when
    for (Contract contract : CONTRACTS.ofKind(Kind.LAB_RESULTS.path())) {
      HttpResponse<String> response =
          caller.soap(
              contract.interaction().path(), question(contract, reserve), Consumers.headers());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      SoapXml answer = SoapXml.parse(response.body());
      if (!answer
          .elements(contract.interaction().namespace(), contract.item().element())
          .isEmpty()) {
        found.add(contract.name());
        assertThat(answer.texts(SoapXml.EXTENSION, "complete")).containsExactly("true");
        assertThat(response.body()).contains(">" + result.id() + "<", ">" + reserve + "<");
      }
    }

    // then
    assertThat(found).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"limit=200,200", "limit=50&from=2026-06-01,50"})
  void pagesThroughAThousandResultsWithoutLossOrDuplicates(String parameters, int limit) {
    // given
    String many = Residents.whoShows("1000 bookings");
    LocalDateTime from = LocalDateTime.of(parameters.contains("from") ? 2026 : 1, 6, 1, 0, 0);
    List<RecordFact> shown = shown(records(Kind.LAB_RESULTS, many));
    List<String> expected =
        shown.stream()
            .filter(fact -> !fact.time().isBefore(from))
            .map(ReadModelsIT::expected)
            .toList();

    // when
    List<JsonNode> pages = new ArrayList<>();
    String cursor = "";
    do {
      pages.add(ask(Kind.LAB_RESULTS, many, "?" + parameters + cursor));
      cursor = "&cursor=" + pages.getLast().path("next").asString("");
    } while (pages.getLast().has("next"));

    // then
    assertThat(records(Kind.LAB_RESULTS, many)).hasSize(1000);
    assertThat(
            pages.stream()
                .flatMap(page -> items(page).stream())
                .map(item -> told(Kind.LAB_RESULTS, item)))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(pages.stream().flatMap(page -> texts(page, "id").stream())).doesNotHaveDuplicates();
    assertThat(pages.stream().flatMap(page -> times(Kind.LAB_RESULTS, page).stream()))
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(pages).hasSize((expected.size() + limit - 1) / limit).hasSizeGreaterThan(1);
    assertThat(pages)
        .allSatisfy(page -> {
          assertThat(page.path("complete").asBoolean()).isTrue();
          assertThat(page.at("/sources/0/items").asInt()).isEqualTo(shown.size());
        });
  }

  @Test
  void aPageHasAHundredItemsWhereNobodySaysHowMany() {
    // when
    JsonNode page = ask(Kind.LAB_RESULTS, Residents.whoShows("1000 bookings"), "");

    // then
    assertThat(items(page)).hasSize(100);
    assertThat(page.path("next").asString("")).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BOOKINGS")
  void fromIsIncludedAndToIsNot(Kind kind) {
    // given
    List<RecordFact> shown = shown(records(kind, resident));
    List<LocalDateTime> times = shown.stream().map(ReadModelsIT::time).distinct().sorted().toList();
    LocalDateTime from = times.get(1);
    LocalDateTime to = times.getLast();

    // when
    JsonNode answer = ask(kind, resident, "?from=" + from + "&to=" + inUtc(to));

    // then
    assertThat(items(answer).stream().map(item -> told(kind, item)))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            shown.stream()
                .filter(fact -> !time(fact).isBefore(from) && time(fact).isBefore(to))
                .map(ReadModelsIT::expected)
                .toList());
    assertThat(answer.path("complete").asBoolean()).isTrue();
    assertThat(sources(answer).mapToInt(source -> source.path("items").asInt()).sum())
        .isEqualTo(shown.size());
  }

  @ParameterizedTest
  @EnumSource
  void aResidentWithoutContentGetsAnEmptyCompleteAnswer(Kind kind) {
    // given
    String without = Residents.whoShows("no bookings at all");

    // when
    JsonNode answer = ask(kind, without, "");

    // then
    assertThat(answer.path("complete").asBoolean()).isTrue();
    assertThat(answer.path("items")).isEmpty();
    assertThat(answer.path("sources")).isEmpty();
  }

  /** Waits longer than is usual, so that a busy machine changes nothing. */
  private JsonNode ask(Kind kind, String whom, String query) {
    return caller.ask(kind, whom, query, "Prefer", "wait=15");
  }

  private List<RecordFact> records(Kind kind, String whom) {
    return regions.records(whom).stream().filter(fact -> fact.kind().equals(mock(kind))).toList();
  }

  /** What the mock regions call it. */
  private static String mock(Kind kind) {
    return switch (kind) {
      case BOOKINGS -> throw new IllegalArgumentException("bookings are no records");
      case LAB_RESULTS -> "laboratory";
      case REFERRAL_OUTCOMES -> "referral-outcome";
      case DIAGNOSES -> "diagnosis";
      case CARE_DOCUMENTATION -> "care-documentation";
      case CARE_CONTACTS -> "care-contact";
      case CARE_PLANS -> "care-plan";
      case REQUEST_STATUS -> "request-activity";
    };
  }

  private static List<RecordFact> shown(List<RecordFact> records) {
    return records.stream().filter(fact -> fact.approved() && !fact.nullified()).toList();
  }

  private static List<RecordFact> of(String region, List<RecordFact> records) {
    return records.stream().filter(fact -> fact.region().equals(region)).toList();
  }

  private String whoHas(Resident.Kind number, String kind) {
    return regions.residents().stream()
        .filter(some -> some.kind() == number)
        .map(Resident::id)
        .filter(id -> regions.records(id).stream().anyMatch(fact -> fact.kind().equals(kind)))
        .filter(id ->
            regions.records(id).stream()
                .allMatch(fact -> Residents.HEALTHY.contains(fact.region())))
        .findFirst()
        .orElseThrow();
  }

  private static String question(Contract contract, String whom) {
    return new String(
        RequestEnvelope.of(
            RequestBody.ofEverything(contract),
            new LogicalAddress("SE-ANY"),
            new PersonId(whom),
            null,
            null),
        UTF_8);
  }

  private Map<String, Long> calls(String region) {
    return regions.calls().getOrDefault(region, Map.of());
  }

  /** The contracts that regions have been asked. */
  private Map<String, Set<String>> askedOf(Set<String> which) {
    return which.stream()
        .flatMap(region -> calls(region).keySet().stream().map(name -> Map.entry(region, name)))
        .collect(
            groupingBy(Map.Entry::getKey, HashMap::new, mapping(Map.Entry::getValue, toSet())));
  }

  /** When it happened, as its item tells. */
  private static LocalDateTime time(RecordFact fact) {
    return fact.kind().equals("request-activity") ? fact.end() : fact.time();
  }

  private static String expected(RecordFact fact) {
    return "%s %s %s"
        .formatted(
            fact.sourceSystem(),
            fact.id(),
            DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time(fact).atZone(SWEDEN)));
  }

  private static String told(Kind kind, JsonNode item) {
    assertThat(item.path("sourceSystem")).isEqualTo(item.path("source"));
    String id = kind == Kind.REQUEST_STATUS ? "receiverRequestId" : "documentId";
    return "%s %s %s"
        .formatted(
            item.path("source").asString(),
            item.path(id).asString(),
            item.path(timeOf(kind)).asString());
  }

  private static String told(JsonNode source) {
    return "%s %s %s %d %d"
        .formatted(
            source.path("logicalAddress").asString(),
            source.path("producer").asString(),
            source.path("outcome").asString(),
            source.path("items").asInt(),
            source.path("leftOut").asInt(-1));
  }

  /** What both versions of a contract have. */
  private static String content(Kind kind, JsonNode item) {
    return switch (kind) {
      case LAB_RESULTS ->
          item.path("groups")
              .valueStream()
              .flatMap(group -> group.path("analyses").valueStream())
              .map(analysis ->
                  analysis.path("name").asString()
                      + " "
                      + analysis.at("/results/0/value").asString())
              .toList()
              .toString();
      case CARE_DOCUMENTATION ->
          "%s %s %s"
              .formatted(
                  item.at("/noteType/code").asString(),
                  item.path("title").asString(),
                  item.path("text").asString());
      default ->
          "%s %s %s"
              .formatted(
                  item.at("/type/code").asString(),
                  item.at("/status/code").asString(),
                  item.path("reason").asString());
    };
  }

  private static String content(Kind kind, RecordFact fact) {
    Map<String, Object> says = fact.values();
    return switch (kind) {
      case LAB_RESULTS ->
          ((List<?>) says.getOrDefault("analyses", List.of()))
              .stream()
                  .map(analysis -> (Map<?, ?>) analysis)
                  .map(analysis -> analysis.get("name") + " " + analysis.get("value"))
                  .toList()
                  .toString();
      case CARE_DOCUMENTATION ->
          says.get("code") + " " + says.get("title") + " " + says.get("text");
      default -> says.get("code") + " " + says.get("status") + " " + says.get("title");
    };
  }

  private static String inUtc(LocalDateTime local) {
    return local.atZone(SWEDEN).toInstant().toString();
  }

  private static String timeOf(Kind kind) {
    return kind == Kind.CARE_CONTACTS ? "start" : "time";
  }

  private static List<OffsetDateTime> times(Kind kind, JsonNode answer) {
    return texts(answer, timeOf(kind)).stream().map(OffsetDateTime::parse).toList();
  }

  private static List<JsonNode> items(JsonNode answer) {
    return answer.path("items").valueStream().toList();
  }

  private static List<String> texts(JsonNode answer, String field) {
    return items(answer).stream().map(item -> item.path(field).asString()).toList();
  }

  private static Stream<JsonNode> sources(JsonNode answer) {
    return answer.path("sources").valueStream();
  }
}
