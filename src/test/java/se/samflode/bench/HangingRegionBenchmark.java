package se.samflode.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.bench.Load.Brought;
import se.samflode.bench.Load.Outcome;
import se.samflode.bench.Load.Steady;
import se.samflode.demo.DemoIssuer;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.Fault;
import se.samflode.mockregions.IndexFiller;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.Resident;
import se.samflode.testing.ApplicationProcess;

/**
 * What a region that hangs costs the residents of other regions, with circuit breakers as they are
 * by default, and on the way memory and processor time. Rounds with and without the fault take
 * turns, so that what else the machine does hits both. {@code -Dbench.seconds=} is the length of
 * what is measured, {@code -Dbench.rounds=} how often. Docs: docs/benchmarks.md.
 */
class HangingRegionBenchmark {

  private static final Logger LOG = LoggerFactory.getLogger(HangingRegionBenchmark.class);

  private static final String HANGING = "skane";

  /** Those of its producers that have bookings. */
  private static final int HANGING_PRODUCERS = 2;

  private static final long REGION_MILLIS = 20;
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 6);
  private static final int CALLERS = 64;
  private static final int HANGING_PER_SECOND = 20;
  private static final int MOST_BOOKINGS = 40;

  /** By default the breaker's round: 10 s open, and calls on trial until their deadline. */
  private static final Duration MEASURED = Duration.ofSeconds(Long.getLong("bench.seconds", 15));

  private static final Duration WARM_UP = MEASURED.multipliedBy(4);

  private static final Duration RAMP = Duration.ofSeconds(3);

  private static final Duration LONGEST_CLOSED = Duration.ofMinutes(2);

  @TempDir private Path files;

  private final DemoIssuer issuer = new DemoIssuer();

  /** One stretch of the measured stream. */
  private record Stretch(Brought brought, Brought beside, Duration processorTime, long inFlight) {

    double processorMillis() {
      double questions = brought.nanos().size() + HANGING_PER_SECOND * brought.time().toSeconds();
      return processorTime.toNanos() / 1e6 / questions;
    }
  }

  @BeforeAll
  static void onlyTheFiguresAreLogged() {
    ApplicationProcess.onlyLogFigures();
  }

  @Test
  void comparesWithAndWithoutAHangingRegion() throws IOException, InterruptedException {
    LocalDate today = LocalDate.now(ZoneId.of("Europe/Stockholm"));
    try (MockRegions regions = MockRegions.start(new MockRegions.Settings(21, today, false));
        EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      // Else their own delays and faults would be most of what is measured.
      regions
          .regions()
          .forEach(region -> regions.setBehaviour(region, new Behaviour(REGION_MILLIS, null)));
      Map<String, String> settings =
          ApplicationProcess.settings(files, issuer, postgres, registry(regions));
      // Every question is to be a call.
      settings.put("samflode.cache.off-heap", "0B");
      try (ApplicationProcess application = new ApplicationProcess(settings)) {
        new IndexFiller(application.uri().toString(), DemoSystem.INDEX).fill(regions.engagements());
        load(application, regions);
        threeSources(application, regions);
        LOG.info(
            "memory after load: resident {} MB; heap after a full collection {} MB",
            application.residentMegabytes(),
            application.liveHeapMegabytes());
      }
    }
  }

  private void load(ApplicationProcess application, MockRegions regions)
      throws InterruptedException {
    List<String> others = tokens(regions, places -> !places.regions().contains(HANGING));
    List<String> concerned = tokens(regions, places -> places.regions().contains(HANGING));
    LOG.info(
        "residents: {} of other regions, {} of the one that hangs",
        others.size(),
        concerned.size());
    List<Double> throughput = new ArrayList<>();
    List<Double> slowest = new ArrayList<>();
    List<Stretch> without = new ArrayList<>();
    List<Stretch> with = new ArrayList<>();
    try (Load measured = new Load(application.uri(), others);
        Load beside = new Load(application.uri(), concerned)) {
      measured.closedLoop(CALLERS, WARM_UP);
      for (int round = 0; round < ROUNDS; round++) {
        boolean hangsFirst = round % 2 == 1;
        for (boolean hangs : new boolean[] {hangsFirst, !hangsFirst}) {
          Behaviour behaviour = new Behaviour(REGION_MILLIS, hangs ? Fault.TIMEOUT : null);
          regions.setBehaviour(HANGING, behaviour);
          Stretch stretch = stretch(application, measured, beside, hangs);
          regions.setBehaviour(HANGING, new Behaviour(REGION_MILLIS, null));
          recover(application, beside);
          (hangs ? with : without).add(stretch);
          tell(round, hangs, stretch);
        }
        Brought good = without.getLast().brought();
        Brought bad = with.getLast().brought();
        throughput.add(bad.perSecond() / good.perSecond());
        slowest.add(bad.millis(0.99) / good.millis(0.99));
      }
    }
    ratio("throughput", throughput);
    ratio("p99", slowest);
    summary("without", without);
    summary("with", with);

    assertThat(without)
        .allSatisfy(
            stretch -> assertThat(stretch.beside().outcomes()).containsOnlyKeys(Outcome.COMPLETE));
    assertThat(with)
        .allSatisfy(stretch ->
            assertThat(stretch.beside().outcomes()).containsOnlyKeys(Outcome.INCOMPLETE));
    for (List<Stretch> stretches : List.of(without, with)) {
      assertThat(stretches)
          .allSatisfy(stretch ->
              assertThat(stretch.brought().outcomes()).containsOnlyKeys(Outcome.COMPLETE));
    }
  }

  private static Stretch stretch(
      ApplicationProcess application, Load measured, Load beside, boolean hangs)
      throws InterruptedException {
    Steady steady = beside.steady(HANGING_PER_SECOND);
    long begun = System.nanoTime();
    measured.closedLoop(CALLERS, RAMP);
    if (hangs) {
      // What succeeded in the breaker's window of 60 s must have been outweighed.
      while (application.openCircuits(HANGING) < HANGING_PRODUCERS) {
        measured.closedLoop(CALLERS, Duration.ofSeconds(1));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST_CLOSED);
      }
      LOG.info(
          "circuits opened after {} s", Duration.ofNanos(System.nanoTime() - begun).toSeconds());
    }
    Duration before = application.processorTime();
    Brought brought = measured.closedLoop(CALLERS, MEASURED);
    Duration processorTime = application.processorTime().minus(before);
    long inFlight = application.callsInFlight(HANGING);
    return new Stretch(brought, steady.stop(), processorTime, inFlight);
  }

  /** The next stretch must find no call that hangs, and no open circuit. */
  private static void recover(ApplicationProcess application, Load beside) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> {
          beside.closedLoop(1, Duration.ofMillis(200));
          return application.callsInFlight(HANGING) == 0 && application.openCircuits(HANGING) == 0;
        });
  }

  private void threeSources(ApplicationProcess application, MockRegions regions)
      throws InterruptedException {
    List<String> tokens = tokens(regions, places -> places.units().size() == 3);
    try (Load load = new Load(application.uri(), tokens)) {
      load.closedLoop(CALLERS, RAMP);
      Duration before = application.processorTime();
      Brought brought = load.closedLoop(CALLERS, MEASURED);
      Duration processorTime = application.processorTime().minus(before);
      LOG.info(
          "three sources: {} questions/s, median {} ms, p99 {} ms, {} ms of processor time per"
              + " question, {}",
          rounded(brought.perSecond()),
          rounded(brought.millis(0.5)),
          rounded(brought.millis(0.99)),
          rounded(processorTime.toNanos() / 1e6 / brought.nanos().size()),
          brought.outcomes());
      assertThat(brought.outcomes()).containsOnlyKeys(Outcome.COMPLETE);
    }
  }

  private static void tell(int round, boolean hangs, Stretch stretch) {
    LOG.info(
        "round {} {}: {} questions/s, median {} ms, p99 {} ms, {}; {} ms of processor time per"
            + " question; {} calls in flight to the region, whose residents got {}",
        round + 1,
        hangs ? "with" : "without",
        rounded(stretch.brought().perSecond()),
        rounded(stretch.brought().millis(0.5)),
        rounded(stretch.brought().millis(0.99)),
        stretch.brought().outcomes(),
        rounded(stretch.processorMillis()),
        stretch.inFlight(),
        stretch.beside().outcomes());
  }

  private static void ratio(String what, List<Double> ratios) {
    LOG.info(
        "{} with / without: median {}, rounds {}",
        what,
        median(ratios),
        ratios.stream().map(HangingRegionBenchmark::rounded).toList());
  }

  private static void summary(String name, List<Stretch> stretches) {
    LOG.info(
        "{}: medians of {} rounds: {} questions/s, median {} ms, p99 {} ms",
        name,
        ROUNDS,
        median(stretches.stream().map(s -> s.brought().perSecond()).toList()),
        median(stretches.stream().map(s -> s.brought().millis(0.5)).toList()),
        median(stretches.stream().map(s -> s.brought().millis(0.99)).toList()));
  }

  /** Where a resident has bookings. */
  private record Places(Set<String> regions, Set<String> units) {}

  private List<String> tokens(MockRegions regions, Predicate<Places> wanted) {
    List<String> tokens = new ArrayList<>();
    for (Resident resident : regions.residents()) {
      List<BookingFact> bookings = regions.bookings(resident.id());
      Places places =
          new Places(
              bookings.stream().map(BookingFact::region).collect(Collectors.toSet()),
              bookings.stream().map(BookingFact::careUnit).collect(Collectors.toSet()));
      if (resident.kind() != Resident.Kind.RESERVE
          && !bookings.isEmpty()
          // The one with a thousand bookings would be a measurement of its own.
          && bookings.size() <= MOST_BOOKINGS
          && wanted.test(places)) {
        tokens.add(issuer.token(issuer.claims(resident.id(), Clock.systemUTC())));
      }
    }
    return tokens;
  }

  /**
   * The regions' registry, which leaves circuit breakers to their defaults, with limits that
   * nothing here reaches, and a deadline soon over.
   */
  private Path registry(MockRegions regions) throws IOException {
    String limits = "callsInFlight: 50, callsPerSecond: 200";
    String deadline = "call: 15s";
    String registry = regions.producersYaml();
    assertThat(registry).contains(limits, deadline);
    return Files.writeString(
        files.resolve("producers.yaml"),
        registry
            .replace(limits, "callsInFlight: 1000, callsPerSecond: 10000")
            .replace(deadline, "call: 5s"));
  }

  private static double median(List<Double> values) {
    return rounded(ApplicationProcess.median(values));
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
