package se.samflode.mockregions;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import se.samflode.mockregions.BookingFact.Way;
import se.samflode.mockregions.RegionsFile.Place;
import se.samflode.mockregions.RegionsFile.Region;
import se.samflode.mockregions.RegionsFile.Start;
import se.samflode.mockregions.Resident.Kind;

/**
 * Makes residents, their bookings and their records: those that show something by name first, then
 * many by chance. The same seed and start day give the same data. For one use, by one thread.
 */
final class Generator {

  private static final int PERSONNUMMER = 500;
  private static final int SAMORDNINGSNUMMER = 40;
  private static final int RESERVE = 24;
  private static final int DAYS_AHEAD = 120;

  private final RandomGenerator random;
  private final LocalDate startDay;
  private final List<Region> regions;
  private final IdentityNumbers numbers;
  private final List<Resident> residents = new ArrayList<>();
  private final Map<String, List<BookingFact>> bookings = new LinkedHashMap<>();
  private final Set<String> malformedFor = new HashSet<>();
  private final Map<String, Integer> lastBookingId = new HashMap<>();
  private final RecordGenerator records;
  private boolean reserveHasResult;

  private Generator(RegionsFile file, long seed, LocalDate startDay) {
    this.random = new SplittableRandom(seed);
    this.startDay = startDay;
    this.regions = file.regions();
    this.numbers = new IdentityNumbers(random);
    this.records = new RecordGenerator(seed, startDay);
  }

  static World generate(RegionsFile file, long seed, LocalDate startDay) {
    Generator generator = new Generator(file, seed, startDay);
    generator.named();
    generator.byChance(Kind.PERSONNUMMER, PERSONNUMMER);
    generator.byChance(Kind.SAMORDNINGSNUMMER, SAMORDNINGSNUMMER);
    generator.byChance(Kind.RESERVE, RESERVE);
    return new World(
        List.copyOf(generator.residents),
        Collections.unmodifiableMap(generator.bookings),
        generator.records.records(),
        Set.copyOf(generator.malformedFor));
  }

  private void named() {
    List<Region> healthy = where(Start::healthy);
    for (Region down : where(Start::down)) {
      namedWithRecords(
          "in three regions, of which " + down.name() + " is down: an answer with an honest gap",
          List.of(healthy.get(0), healthy.get(3), down));
    }
    namedWithRecords("in three regions that all answer: a complete answer", healthy.subList(0, 3));
    for (Region region : regions) {
      if (region.bookingsOfOneResident() != null) {
        String id =
            resident(
                Kind.PERSONNUMMER,
                region.bookingsOfOneResident()
                    + " bookings at one clinic of "
                    + region.name()
                    + ", and as many lab results");
        book(id, region.places().getFirst(), region.bookingsOfOneResident(), false);
        records.laboratory(residents.getLast(), region.bookingsOfOneResident(), region);
      }
    }
    for (Region region : where(Start::malformedForOne)) {
      malformedFor.add(
          named(
              "where " + region.name() + " sends XML that breaks off for this resident",
              List.of(region, healthy.getFirst())));
    }
    named("in seven regions that all answer", healthy.subList(0, 7));
    resident(Kind.PERSONNUMMER, "no bookings at all");

    String atChildren =
        resident(
            Kind.PERSONNUMMER,
            "bookings at child units: several systems below one clinic's HSA-id");
    regions.stream()
        .flatMap(region -> region.places().stream())
        .filter(place -> place.unit().childOf() != null)
        .forEach(place -> book(atChildren, place, 1, false));

    String invited = resident(Kind.PERSONNUMMER, "two invitations and a booking");
    book(invited, healthy.get(1).places().getFirst(), 2, true);
    book(invited, healthy.get(2).places().getFirst(), 1, false);

    String coordination = resident(Kind.SAMORDNINGSNUMMER, "a samordningsnummer with bookings");
    book(coordination, healthy.get(4).places().getFirst(), 2, false);

    for (Region region : regions) {
      Start start = region.behaviour();
      if (!start.healthy() && !start.malformedForOne()) {
        named("where " + region.name() + " " + habit(start), List.of(region, healthy.get(5)));
      }
    }
  }

  private static String habit(Start start) {
    if (start.slow()) {
      return "is slow, now and then very slow";
    }
    return start.shares().keySet().stream()
        .map(fault ->
            switch (fault) {
              case TIMEOUT -> "often does not answer in time";
              case RESET -> "now and then resets the connection";
              case SOAP_FAULT -> "often answers with a SOAP fault";
              case DOWN -> "is down";
              case MALFORMED,
                  EMPTY,
                  HTTP_500,
                  HTTP_503,
                  NOT_SOAP,
                  SLOW_DRIP,
                  ENDLESS,
                  OTHER_RESIDENT ->
                  "now and then fails (" + fault.id() + ")";
            })
        .findFirst()
        .orElse("is a little slow");
  }

  private String named(String where, List<Region> in) {
    String id = resident(Kind.PERSONNUMMER, "bookings " + where);
    in.forEach(region -> book(id, region.places().getFirst(), 2, false));
    return id;
  }

  private void namedWithRecords(String where, List<Region> in) {
    named(where + "; and records of every kind", in);
    records.everything(residents.getLast(), in);
  }

  private void byChance(Kind kind, int count) {
    for (int i = 0; i < count; i++) {
      int wanted =
          switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1, 2, 3 -> 1;
            case 4, 5, 6, 7 -> random.nextInt(2, 6);
            default -> random.nextInt(6, 31);
          };
      int inRegions = Math.min(wanted, Math.min(random.nextInt(1, 8), random.nextInt(1, 8)));
      String id = resident(kind, shows(wanted, inRegions));
      List<Region> some = new ArrayList<>(regions);
      Collections.shuffle(some, random);
      for (int n = 0; n < wanted; n++) {
        Place place = Texts.pick(some.get(n % inRegions).places(), random);
        book(id, place, 1, random.nextInt(8) == 0);
      }
      if (wanted > 0) {
        records(kind, some.subList(0, inRegions));
      }
    }
  }

  /** Records of every fourth resident; of reserve numbers one lab result, of one resident. */
  private void records(Kind kind, List<Region> in) {
    if (kind != Kind.RESERVE && residents.size() % 4 == 0) {
      records.some(residents.getLast(), in);
    } else if (kind == Kind.RESERVE && !reserveHasResult && in.getFirst().behaviour().healthy()) {
      reserveHasResult = true;
      records.laboratory(residents.getLast(), 1, in.getFirst());
    }
  }

  private static String shows(int bookings, int inRegions) {
    return bookings == 0
        ? "no bookings"
        : bookings
            + (bookings == 1 ? " booking in " : " bookings in ")
            + inRegions
            + (inRegions == 1 ? " region" : " regions");
  }

  private String resident(Kind kind, String shows) {
    String id = numbers.next(kind);
    residents.add(new Resident(id, kind, shows));
    return id;
  }

  private void book(String resident, Place place, int count, boolean invitation) {
    List<BookingFact> of = bookings.computeIfAbsent(resident, r -> new ArrayList<>());
    Stream.generate(() -> booking(resident, place, invitation)).limit(count).forEach(of::add);
  }

  private BookingFact booking(String resident, Place place, boolean invitation) {
    LocalDateTime start =
        LocalDateTime.of(
            startDay.plusDays(1 + random.nextInt(DAYS_AHEAD)),
            LocalTime.of(8, 0).plusMinutes(20L * random.nextInt(25)));
    Texts.Care care = Texts.care(random);
    boolean performerKnown = random.nextInt(3) > 0;
    String id =
        String.format(Locale.ROOT, "T%06d", lastBookingId.merge(place.producer(), 1, Integer::sum));
    return new BookingFact(
        id,
        resident,
        place.region().id(),
        place.producer(),
        place.system().hsaId(),
        place.unit().hsaId(),
        place.unit().name(),
        start,
        start.plusMinutes(20L * (1 + random.nextInt(3))),
        invitation,
        Texts.pick(List.of(Way.CLINIC, Way.CLINIC, Way.TELEPHONE, Way.VIDEO), random),
        performerKnown
            ? "SE" + place.region().organisationNumber() + "-P" + (100 + random.nextInt(900))
            : null,
        performerKnown ? Texts.pick(care.performers(), random) : null,
        Texts.purpose(random),
        random.nextBoolean() ? Texts.reason(random) : null,
        care.id(),
        care.name(),
        random.nextInt(4) > 0,
        random.nextInt(3) > 0,
        random.nextBoolean());
  }

  private List<Region> where(Predicate<Start> test) {
    return regions.stream().filter(region -> test.test(region.behaviour())).toList();
  }
}
