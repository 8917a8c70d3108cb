package se.samflode.bench.country;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.bench.country.Replay.Policy;
import se.samflode.bench.country.SimulatedSystem.Seen;
import se.samflode.contract.SwedishTime;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.MockRegions;
import se.samflode.testing.ApplicationProcess;

/**
 * Two weeks of a sample of the country's residents against the real engine and the real mock
 * regions, at simulated time: what is shed, and whether anybody was misled. Each maxAge is a run of
 * its own, begun with nothing kept. Producers that index have proven it: with {@code
 * -Dcountry.earning-days=} in days that were played before, else it is given. Writes {@code
 * target/country-simulation.md}. {@code -Dcountry.residents=}, {@code -Dcountry.days=}, {@code
 * -Dcountry.ages=PT12H,P7D}, and every {@link Assumption} by its id. Docs: docs/benchmarks.md.
 */
class CountrySimulation {

  private static final Logger LOG = LoggerFactory.getLogger(CountrySimulation.class);

  private static final int RESIDENTS = Integer.getInteger("country.residents", 4_000);
  private static final int DAYS = Integer.getInteger("country.days", 14);
  private static final List<Duration> AGES =
      Stream.of(System.getProperty("country.ages", "PT0S,PT10M,PT12H,P7D").split(",", -1))
          .map(Duration::parse)
          .toList();
  private static final int EARNING_DAYS = Integer.getInteger("country.earning-days", 0);
  private static final long SEED = 21;

  /** A Monday. */
  private static final LocalDate FIRST_DAY = LocalDate.of(2027, 1, 11);

  private static final int EVERY = 8;

  @TempDir private Path files;

  private final StringBuilder report = new StringBuilder("\n");

  @BeforeAll
  static void onlyTheFiguresAreLogged() {
    ApplicationProcess.onlyLogFigures();
  }

  @Test
  void shedsCallsAndMisleadsNobody() throws IOException, InterruptedException, SQLException {
    Instant start = FIRST_DAY.atStartOfDay(SwedishTime.ZONE).toInstant();
    Map<Duration, Run.Result> results = new LinkedHashMap<>();
    // More outages than the country has, since there are few residents to meet them.
    Assumptions assumptions = Assumptions.standard().with(Assumption.OUTAGES, 0.5);
    Map<String, BookingFact> patterns = patterns();
    Country country =
        Country.generate(
            assumptions,
            geography(patterns, assumptions),
            List.of(Content.BOOKINGS),
            RESIDENTS,
            DAYS,
            SEED);
    Collection<Seen> seen = EARNING_DAYS > 0 ? earn(assumptions, patterns, start) : given(country);
    for (Duration age : AGES) {
      long begun = System.nanoTime();
      try (SimulatedSystem system = new SimulatedSystem(files, start, settings(age, assumptions))) {
        Run.Result result = new Run(system, country, patterns, new Rules(age), start, seen).play();
        results.put(age, result);
        LOG.info(
            "maxAge {}: {} questions in {} s, {} calls for {} reads, {}, broken {}",
            age,
            result.questions,
            Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
            result.calls,
            result.reads,
            result.outcomes,
            result.broken);
      }
    }
    tell(country, assumptions, results);
    Files.writeString(Path.of("target", "country-simulation.md"), report);
    LOG.info("{}", report);
    assertThat(results.values())
        .allSatisfy(result -> {
          assertThat(result.misleading()).isZero();
          assertThat(indexing(country)).containsAll(result.proven.keySet());
          // A machine that is too busy may let a call time out.
          assertThat(result.needless()).isLessThan(Math.max(1, result.reads / 1_000));
        });
  }

  /** Has producers seen from nothing on, by the engine itself, with its default maxAge. */
  private List<Seen> earn(Assumptions assumptions, Map<String, BookingFact> patterns, Instant start)
      throws IOException, InterruptedException, SQLException {
    Country before =
        Country.generate(
            assumptions,
            geography(patterns, assumptions),
            List.of(Content.BOOKINGS),
            RESIDENTS,
            EARNING_DAYS,
            SEED + 1);
    Duration age = Duration.ofHours(12);
    try (SimulatedSystem system = new SimulatedSystem(files, start, settings(age, assumptions))) {
      Run.Result result =
          new Run(system, before, patterns, new Rules(age), start, List.of()).play();
      List<Seen> seen = system.seen();
      List<Long> days = result.proven.values().stream().map(Duration::toDays).sorted().toList();
      tell(
          "Seen in %d days before, %d questions: %d of %d producers that index have proven it,"
              + " after so many days: %s. Told %d, late %d, untold %d. Rules broken: %s.",
          EARNING_DAYS,
          result.questions,
          system.proven().size(),
          indexing(before).size(),
          days,
          seen.stream().mapToLong(Seen::told).sum(),
          seen.stream().mapToLong(Seen::late).sum(),
          seen.stream().mapToLong(Seen::untold).sum(),
          result.broken);
      tell("");
      assertThat(result.misleading()).isZero();
      assertThat(indexing(before)).containsAll(result.proven.keySet());
      return seen;
    }
  }

  /** All producers that index have been seen to do so, many times. */
  private static List<Seen> given(Country country) {
    return indexing(country).stream().map(producer -> new Seen(producer, 0, 200, 0, 0)).toList();
  }

  private static Set<String> indexing(Country country) {
    return country.fragments().stream()
        .map(Fragment::place)
        .filter(place -> place.habit() != Place.Habit.SILENT)
        .map(Place::producer)
        .collect(Collectors.toSet());
  }

  /** What makes the engine keep fragments of proven producers for as long as this; 0 for none. */
  private static Map<String, Object> settings(Duration maxAge, Assumptions assumptions) {
    return maxAge.isZero()
        ? Map.of("samflode.cache.off-heap", "0B")
        : Map.of(
            "samflode.cache.off-heap",
            "256MB",
            "samflode.freshness.proven",
            maxAge.toSeconds() + "s",
            "samflode.freshness.verified",
            assumptions.get(Assumption.VERIFIED));
  }

  /** A booking of each care unit. */
  private static Map<String, BookingFact> patterns() {
    try (MockRegions regions =
        MockRegions.start(new MockRegions.Settings(SEED, FIRST_DAY, false))) {
      Map<String, BookingFact> patterns = new LinkedHashMap<>();
      regions.residents().stream()
          .flatMap(resident -> regions.bookings(resident.id()).stream())
          .filter(booking -> !booking.invitation())
          .forEach(booking -> patterns.putIfAbsent(booking.careUnit(), booking));
      return patterns;
    }
  }

  /** The mock regions' care units. Three of 24 systems do not index, three index early. */
  private static Country.Geography geography(
      Map<String, BookingFact> patterns, Assumptions assumptions) {
    List<String> producers =
        patterns.values().stream().map(BookingFact::producer).distinct().sorted().toList();
    List<Place> places =
        patterns.values().stream()
            .map(booking ->
                new Place(
                    booking.region(),
                    booking.producer(),
                    booking.careUnit(),
                    switch (producers.indexOf(booking.producer()) % EVERY) {
                      case 3 ->
                          assumptions.get(Assumption.SILENT) > 0
                              ? Place.Habit.SILENT
                              : Place.Habit.INDEXES;
                      case 5 -> Place.Habit.EARLY;
                      default -> Place.Habit.INDEXES;
                    }))
            .toList();
    Map<Content.Source, Places> geography = new EnumMap<>(Content.Source.class);
    geography.put(Content.Source.BOOKING, new Places(places));
    return new Country.Geography(geography);
  }

  private void tell(Country country, Assumptions assumptions, Map<Duration, Run.Result> results) {
    double oracle = Replay.run(country, assumptions, Policy.ALL_KNOWING, 0).shed();
    tell(
        "| maxAge | questions | calls without us | calls | shed | the model says | of all-knowing |"
            + " misleading answers |");
    tell("|---|---|---|---|---|---|---|---|");
    results.forEach((age, result) -> {
      double model = Replay.run(country, assumptions, Policy.of(age), 0).shed();
      tell(
          "| %s | %d | %d | %d | **%.1f %%** | %.1f %% | %.1f %% | **%d** |",
          age.isZero() ? "nothing kept" : Chart.name(age),
          result.questions,
          result.reads,
          result.calls,
          100 * result.shed(),
          100 * model,
          100 * result.shed() / oracle,
          result.misleading());
    });
    tell("| all-knowing | | | | | %.1f %% | 100 %% | |", 100 * oracle);
    tell("");
    tell(
        "| maxAge | `LIVE` | `CACHED` | `STALE` | `FAILED` | without a call: median, 99th"
            + " percentile | with calls | kept at the end |");
    tell("|---|---|---|---|---|---|---|---|");
    results.forEach((age, result) ->
        tell(
            "| %s | %.2f %% | %.2f %% | %.2f %% | %.2f %% | %s | %s | %s |",
            age.isZero() ? "nothing kept" : Chart.name(age),
            100 * result.share("LIVE"),
            100 * result.share("CACHED"),
            100 * result.share("STALE"),
            100 * result.share("FAILED"),
            millis(result.warm),
            millis(result.cold),
            result.kept));
    tell("");
    results.forEach((age, result) ->
        tell(
            "maxAge %s: %d changes; %d shown while the region had another, within the rules; rules"
                + " broken: %s; %s",
            age, result.changes, result.older, result.broken, result.outcomes));
  }

  private static String millis(List<Long> nanos) {
    if (nanos.isEmpty()) {
      return "none";
    }
    List<Long> sorted = nanos.stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        "%.1f ms, %.1f ms",
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get(sorted.size() * 99 / 100) / 1e6);
  }

  @SuppressWarnings("AnnotateFormatMethod") // that annotation would be one more dependency
  private void tell(String format, Object... figures) {
    report.append(String.format(Locale.ROOT, format, figures)).append('\n');
  }
}
