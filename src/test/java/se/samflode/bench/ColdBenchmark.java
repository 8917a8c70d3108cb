package se.samflode.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.bench.ColdLoad.Brought;
import se.samflode.bench.objects.ObjectAggregator;
import se.samflode.demo.DemoIssuer;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.Resident;
import se.samflode.testing.ApplicationProcess;

/**
 * What a question costs when nothing is kept and every producer is called, beside an aggregator
 * that binds every answer to objects; stages of both take turns. {@code -Dbench.seconds=6} is the
 * length of a stage. Docs: docs/benchmarks.md.
 */
class ColdBenchmark {

  private static final Logger LOG = LoggerFactory.getLogger(ColdBenchmark.class);

  private static final Duration STAGE = Duration.ofSeconds(Long.getLong("bench.seconds", 6));
  private static final Duration RUN_IN = STAGE.dividedBy(3);

  /** Shorter, and the figures are those of the compiler. */
  private static final Duration WARM_UP = STAGE.multipliedBy(20);

  private static final int ROUNDS = 3;
  private static final int CALLERS = 32;
  private static final int FEW_CALLERS = 4;

  @TempDir private Path files;

  private final DemoIssuer issuer = new DemoIssuer();
  private final StringBuilder report = new StringBuilder("\n");

  /** One of the two that are compared, as a process of its own. */
  private record Side(String name, ProcessHandle process, int port, String path) {

    Duration processorTime() {
      return process.info().totalCpuDuration().orElseThrow();
    }

    ColdLoad soap(ColdSources sources) {
      return ColdQuestions.soap(port, path, sources);
    }
  }

  /**
   * What a stage brought.
   *
   * @param micros processor time of the process that was asked, per request
   */
  private record Stage(Brought brought, double micros, long residentMegabytes) {}

  @BeforeAll
  static void onlyTheFiguresAreLogged() {
    ApplicationProcess.onlyLogFigures();
  }

  @Test
  void tellsWhatAQuestionCostsWhenNothingIsKept() throws IOException, InterruptedException {
    ColdSources three = ColdSources.of(published(), 3, 1);
    List<ColdSources> unchecked = new ArrayList<>();
    for (int producers : new int[] {1, 3, 21}) {
      unchecked.add(ColdSources.withoutValidation(ColdSources.invented(40 + producers), producers));
    }
    List<ColdSources> growth = new ArrayList<>();
    for (int producers : new int[] {1, 3, 6, 11, 21}) {
      growth.add(ColdSources.of(ColdSources.invented(10 + producers), producers, 1));
    }
    List<ColdSources> large =
        List.of(
            ColdSources.of(ColdSources.invented(2), 10, 5),
            ColdSources.of(ColdSources.invented(3), 20, 5),
            ColdSources.of(ColdSources.invented(4), 1, 1000));
    List<ColdSources> all =
        Stream.of(List.of(three), unchecked, growth, large).flatMap(List::stream).toList();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        ChildProcess stub = new ChildProcess(StubProducer.class);
        ApplicationProcess application =
            new ApplicationProcess(
                keepingNothing(
                    ApplicationProcess.settings(
                        files,
                        issuer,
                        postgres,
                        ColdSources.registry(files, all.stream(), stub.port()))));
        ChildProcess objects =
            new ChildProcess(
                ObjectAggregator.class,
                postgres.getJdbcUrl("postgres", "postgres"),
                "http://localhost:" + stub.port())) {
      JdbcClient database = JdbcClient.create(postgres.getPostgresDatabase());
      all.forEach(sources -> sources.index(database));
      database.sql("VACUUM (ANALYZE)").update();
      Side engine =
          new Side(
              "engine",
              application.handle(),
              application.uri().getPort(),
              ColdQuestions.ENGINE_PATH);
      Side other = new Side("objects", objects.handle(), objects.port(), "/lab");
      three(engine, other, three, unchecked.get(1));
      growth(engine, other, growth);
      growthWithoutValidation(engine, unchecked.getFirst(), unchecked.getLast());
      large(engine, other, large);
    }
    Files.writeString(Path.of("target", "cold-benchmark.md"), report);
    LOG.info("{}", report);
  }

  private static Map<String, String> keepingNothing(Map<String, String> settings) {
    settings.put("samflode.cache.off-heap", "0B");
    return settings;
  }

  private void three(Side engine, Side other, ColdSources three, ColdSources unchecked)
      throws IOException, InterruptedException {
    ColdLoad json = ColdQuestions.json(engine.port(), issuer, three);
    engine.soap(three).run(CALLERS, WARM_UP);
    other.soap(three).run(CALLERS, WARM_UP);
    List<Stage> ours = new ArrayList<>();
    List<Stage> theirs = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      ours.add(stage(engine, engine.soap(three), CALLERS));
      theirs.add(stage(other, other.soap(three), CALLERS));
    }
    tell(
        "| three producers, one item each, %d callers | requests/s | median | 99th percentile"
            + " | processor time per request | per producer call |",
        CALLERS);
    tell("|---|---|---|---|---|---|");
    row("engine, SOAP, validation `report`", ours);
    row("engine, SOAP, validation `off`", List.of(stage(engine, engine.soap(unchecked), CALLERS)));
    json.run(CALLERS, STAGE);
    row("engine, JSON, validation `report`", List.of(stage(engine, json, CALLERS)));
    row("objects and CXF", theirs);
    tell(
        "| **engine / objects** | **%.1f** | | | **1/%.1f** | |",
        median(ours, s -> s.brought().perSecond()) / median(theirs, s -> s.brought().perSecond()),
        median(theirs, Stage::micros) / median(ours, Stage::micros));
  }

  private void row(String name, List<Stage> stages) {
    tell(
        "| %s | %.0f | %.1f ms | %.1f ms | %.0f µs | %.0f µs |",
        name,
        median(stages, s -> s.brought().perSecond()),
        median(stages, s -> s.brought().millis(0.5)),
        median(stages, s -> s.brought().millis(0.99)),
        median(stages, Stage::micros),
        median(stages, Stage::micros) / 3);
  }

  private void growth(Side engine, Side other, List<ColdSources> growth)
      throws IOException, InterruptedException {
    tell(
        "%n| producers, one item each, %d callers | engine, processor time per request"
            + " | objects and CXF | ratio |",
        CALLERS);
    tell("|---|---|---|---|");
    List<Stage> ours = new ArrayList<>();
    List<Stage> theirs = new ArrayList<>();
    for (ColdSources sources : growth) {
      ours.add(stage(engine, engine.soap(sources), CALLERS));
      theirs.add(stage(other, other.soap(sources), CALLERS));
      tell(
          "| %d | %.0f µs | %.0f µs | %.1f |",
          sources.addresses().size(),
          ours.getLast().micros(),
          theirs.getLast().micros(),
          theirs.getLast().micros() / ours.getLast().micros());
    }
    int more = growth.getLast().addresses().size() - growth.getFirst().addresses().size();
    tell(
        "| one more | %.0f µs | %.0f µs | |",
        (ours.getLast().micros() - ours.getFirst().micros()) / more,
        (theirs.getLast().micros() - theirs.getFirst().micros()) / more);
  }

  private void growthWithoutValidation(Side engine, ColdSources few, ColdSources many)
      throws IOException, InterruptedException {
    double one = stage(engine, engine.soap(few), CALLERS).micros();
    double all = stage(engine, engine.soap(many), CALLERS).micros();
    tell(
        "| one more, validation `off` | %.0f µs | | |",
        (all - one) / (many.addresses().size() - few.addresses().size()));
  }

  private void large(Side engine, Side other, List<ColdSources> large)
      throws IOException, InterruptedException {
    tell(
        "%n| %d callers | | median | 99th percentile | processor time per request"
            + " | resident memory after it |",
        FEW_CALLERS);
    tell("|---|---|---|---|---|---|");
    for (ColdSources sources : large) {
      for (Side side : List.of(engine, other)) {
        Stage stage = stage(side, side.soap(sources), FEW_CALLERS);
        tell(
            "| producers: %d, items each: %d | %s | %.1f ms | %.1f ms | %.1f ms | %d MB |",
            sources.addresses().size(),
            sources.items(),
            side.name(),
            stage.brought().millis(0.5),
            stage.brought().millis(0.99),
            stage.micros() / 1000,
            stage.residentMegabytes());
      }
    }
  }

  private static Stage stage(Side side, ColdLoad load, int callers)
      throws IOException, InterruptedException {
    load.run(callers, RUN_IN);
    Duration before = side.processorTime();
    Brought brought = load.run(callers, STAGE);
    Duration taken = side.processorTime().minus(before);
    return new Stage(
        brought,
        taken.toNanos() / 1e3 / brought.nanos().size(),
        ApplicationProcess.residentMegabytes(side.process()));
  }

  /** Residents of the published test series, whom tokens can name: adults. */
  private static List<String> published() {
    LocalDate today = LocalDate.now(ZoneId.of("Europe/Stockholm"));
    try (MockRegions regions = MockRegions.start(new MockRegions.Settings(21, today, false))) {
      List<String> residents =
          regions.residents().stream()
              .filter(resident -> resident.kind() == Resident.Kind.PERSONNUMMER)
              .map(Resident::id)
              .limit(100)
              .toList();
      assertThat(residents).hasSize(100);
      return residents;
    }
  }

  private static double median(List<Stage> stages, ToDoubleFunction<Stage> figure) {
    return ApplicationProcess.median(stages.stream().mapToDouble(figure).boxed().toList());
  }

  @SuppressWarnings("AnnotateFormatMethod") // that annotation would be one more dependency
  private void tell(String format, Object... figures) {
    report.append(String.format(Locale.ROOT, format, figures)).append('\n');
  }
}
