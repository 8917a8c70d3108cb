package se.samflode.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
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

/**
 * What a region that hangs costs the residents of other regions, and on the way start-up time,
 * memory and processor time. Rounds with and without the fault take turns, so that what else the
 * machine does hits both. Docs: docs/benchmarks.md.
 */
class HangingRegionBenchmark {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(HangingRegionBenchmark.class);

  private static final String HANGING = "skane";
  private static final long REGION_MILLIS = 20;
  private static final int STARTS = 5;
  private static final int ROUNDS = 6;
  private static final int CALLERS = 32;
  private static final int HANGING_PER_SECOND = 10;
  private static final int MOST_BOOKINGS = 40;
  private static final Duration WARM_UP = Duration.ofSeconds(25);
  private static final Duration RAMP = Duration.ofSeconds(3);
  private static final Duration MEASURED = Duration.ofSeconds(8);

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
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    ((Logger) LOG).setLevel(Level.INFO);
  }

  @Test
  void comparesWithAndWithoutAHangingRegion() throws IOException, InterruptedException {
    LocalDate today = LocalDate.now(ZoneId.of("Europe/Stockholm"));
    try (MockRegions regions = MockRegions.start(new MockRegions.Settings(21, today, false));
        EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      Map<String, String> settings = settings(regions, postgres);
      try (ApplicationProcess first = new ApplicationProcess(settings)) {
        new IndexFiller(first.uri().toString(), DemoSystem.INDEX).fill(regions.engagements());
      }
      startUp(settings);
      // Else their own delays and faults would be most of what is measured.
      regions
          .regions()
          .forEach(region -> regions.setBehaviour(region, new Behaviour(REGION_MILLIS, null)));
      try (ApplicationProcess application = new ApplicationProcess(settings)) {
        load(application, regions);
        threeSources(application, regions);
        LOG.info(
            "memory after load: resident {} MB; heap after a full collection {} MB",
            application.residentMegabytes(),
            application.liveHeapMegabytes());
      }
    }
  }

  private void startUp(Map<String, String> settings) throws IOException, InterruptedException {
    double[] seconds = new double[STARTS];
    for (int i = 0; i < STARTS; i++) {
      try (ApplicationProcess application = new ApplicationProcess(settings)) {
        seconds[i] = application.startUp().toMillis() / 1e3;
        LOG.info(
            "start {}: ready after {} s, {} s of processor time; resident {} MB, heap after a full"
                + " collection {} MB",
            i + 1,
            seconds[i],
            application.processorTime().toMillis() / 1e3,
            application.residentMegabytes(),
            application.liveHeapMegabytes());
      }
    }
    LOG.info("start-up: median {} s of {} starts", median(seconds), STARTS);
  }

  private void load(ApplicationProcess application, MockRegions regions)
      throws InterruptedException {
    List<String> others = tokens(regions, places -> !places.regions().contains(HANGING));
    List<String> concerned = tokens(regions, places -> places.regions().contains(HANGING));
    LOG.info(
        "residents: {} of other regions, {} of the one that hangs",
        others.size(),
        concerned.size());
    double[] ratios = new double[ROUNDS];
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
          Stretch stretch = stretch(application, measured, beside);
          (hangs ? with : without).add(stretch);
          tell(round, hangs, stretch);
        }
        ratios[round] =
            with.getLast().brought().perSecond() / without.getLast().brought().perSecond();
      }
    }
    regions.setBehaviour(HANGING, new Behaviour(REGION_MILLIS, null));
    LOG.info(
        "throughput with / without: median {}, rounds {}", median(ratios), Arrays.toString(ratios));
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

  private static Stretch stretch(ApplicationProcess application, Load measured, Load beside)
      throws InterruptedException {
    Steady steady = beside.steady(HANGING_PER_SECOND);
    measured.closedLoop(CALLERS, RAMP);
    Duration before = application.processorTime();
    Brought brought = measured.closedLoop(CALLERS, MEASURED);
    Duration processorTime = application.processorTime().minus(before);
    long inFlight = application.callsInFlight(HANGING);
    Brought other = steady.stop();
    // The calls that hang end at their deadline; the next stretch must not find them.
    await().atMost(Duration.ofSeconds(30)).until(() -> application.callsInFlight(HANGING) == 0);
    return new Stretch(brought, other, processorTime, inFlight);
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

  private static void summary(String name, List<Stretch> stretches) {
    LOG.info(
        "{}: medians of {} rounds: {} questions/s, median {} ms, p99 {} ms",
        name,
        ROUNDS,
        median(stretches.stream().mapToDouble(s -> s.brought().perSecond()).toArray()),
        median(stretches.stream().mapToDouble(s -> s.brought().millis(0.5)).toArray()),
        median(stretches.stream().mapToDouble(s -> s.brought().millis(0.99)).toArray()));
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

  private Map<String, String> settings(MockRegions regions, EmbeddedPostgres postgres)
      throws IOException {
    String limits = "callsInFlight: 50, callsPerSecond: 200";
    String registry = regions.producersYaml();
    assertThat(registry).contains(limits);
    Path producers =
        Files.writeString(
            files.resolve("producers.yaml"),
            registry.replace(limits, "callsInFlight: 1000, callsPerSecond: 10000"));
    Path key = files.resolve("issuer.pem");
    Files.write(key, issuer.publicKey().getContentAsByteArray());

    Map<String, String> settings = new HashMap<>();
    issuer
        .properties()
        .forEach((name, value) ->
            settings.put(name, value instanceof Resource ? "file:" + key : value.toString()));
    settings.put("spring.config.import", "file:src/test/resources/application-demo.yaml");
    settings.put("spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres"));
    settings.put("spring.datasource.username", "postgres");
    settings.put("samflode.producers.registry", "file:" + producers);
    settings.put("samflode.index.hsa-id", DemoSystem.INDEX);
    return settings;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return rounded(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
