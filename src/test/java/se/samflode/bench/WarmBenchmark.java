package se.samflode.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import se.samflode.contract.Contracts;
import se.samflode.demo.DemoIssuer;
import se.samflode.testing.ApplicationProcess;

/**
 * What a question costs that is answered from the cache: beside a bare servlet that does only what
 * cannot be left out, and beside the same engine that keeps nothing. Stages of all take turns.
 * {@code -Dbench.seconds=6} is the length of a stage. Docs: docs/benchmarks.md.
 */
class WarmBenchmark {

  private static final Logger LOG = LoggerFactory.getLogger(WarmBenchmark.class);

  private static final Duration STAGE = Duration.ofSeconds(Long.getLong("bench.seconds", 6));

  /** Shorter, and the figures are those of the compiler. */
  private static final Duration WARM_UP = STAGE.multipliedBy(20);

  private static final int ROUNDS = 3;
  private static final int CALLERS = 64;

  /** Who calls producers for every question is saturated by these; more only wait. */
  private static final int FEW_CALLERS = 16;

  @TempDir private Path files;

  private final DemoIssuer issuer = new DemoIssuer();
  private final StringBuilder report = new StringBuilder("\n");

  /** One who is asked. */
  private record Side(String name, ProcessHandle process, ColdLoad load, int callers) {}

  /**
   * What a stage brought.
   *
   * @param micros processor time of the process that was asked, per request
   */
  private record Stage(Brought brought, double micros) {}

  @BeforeAll
  static void onlyTheFiguresAreLogged() {
    ApplicationProcess.onlyLogFigures();
  }

  @Test
  void tellsWhatAQuestionCostsWhenAllIsKept() throws IOException, InterruptedException {
    ColdSources sources = ColdSources.of(ColdSources.publishedResidents(), 3, 1);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        ChildProcess stub = new ChildProcess(StubProducer.class)) {
      Map<String, String> warm =
          ApplicationProcess.settings(
              files,
              issuer,
              postgres,
              ColdSources.registry(files, Stream.of(sources), stub.port()));
      Map<String, String> cold = new HashMap<>(warm);
      cold.put("samflode.cache.off-heap", "0B");
      try (ApplicationProcess engine = new ApplicationProcess(warm);
          ApplicationProcess nothingKept = new ApplicationProcess(cold);
          ChildProcess bare =
              new ChildProcess(
                  BareServlet.class,
                  postgres.getJdbcUrl("postgres", "postgres"),
                  files.resolve("key.pem").toString(),
                  engine.uri().toString(),
                  String.join(
                      ",",
                      new Contracts()
                          .named("GetLaboratoryOrderOutcome 3")
                          .index()
                          .categorizations()))) {
        JdbcClient database = JdbcClient.create(postgres.getPostgresDatabase());
        sources.index(database);
        prove(database, sources);
        database.sql("VACUUM (ANALYZE)").update();
        // Else what is fetched in the first minute lives only to its end.
        Thread.sleep(Duration.ofSeconds(65));
        int ours = engine.uri().getPort();
        int theirs = nothingKept.uri().getPort();
        compare(
            "JSON",
            new Side("bare servlet", bare.handle(), json(bare.port(), sources), CALLERS),
            new Side("engine, kept", engine.handle(), json(ours, sources), CALLERS),
            new Side(
                "engine, keeping nothing",
                nothingKept.handle(),
                json(theirs, sources),
                FEW_CALLERS));
        compare(
            "SOAP",
            new Side("bare servlet", bare.handle(), soap(bare.port(), sources), CALLERS),
            new Side("engine, kept", engine.handle(), soap(ours, sources), CALLERS),
            new Side(
                "engine, keeping nothing",
                nothingKept.handle(),
                soap(theirs, sources),
                FEW_CALLERS));
      }
    }
    Files.writeString(Path.of("target", "warm-benchmark.md"), report);
    LOG.info("{}", report);
  }

  private ColdLoad json(int port, ColdSources sources) {
    return ColdQuestions.json(port, issuer, sources);
  }

  private static ColdLoad soap(int port, ColdSources sources) {
    return ColdQuestions.anySoap(port, sources);
  }

  /** So that the producers need not earn it first. */
  private static void prove(JdbcClient database, ColdSources sources) {
    for (String address : sources.addresses()) {
      database
          .sql("INSERT INTO fidelity VALUES (?, 'GetLaboratoryOrderOutcome 3', 0, 100, 0, 0)")
          .param(address.toLowerCase(Locale.ROOT))
          .update();
    }
  }

  private void compare(String what, Side bare, Side kept, Side cold) throws InterruptedException {
    List<Side> sides = List.of(bare, kept, cold);
    for (Side side : sides) {
      side.load().run(side.callers(), WARM_UP);
    }
    Map<Side, List<Stage>> stages = new HashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (Side side : sides) {
        stages.computeIfAbsent(side, s -> new ArrayList<>()).add(stage(side));
      }
    }
    tell(
        "%n| three producers, one item each, %d callers (keeping nothing: %d), %s | requests/s |"
            + " median | 99th percentile | processor time per request |",
        CALLERS, FEW_CALLERS, what);
    tell("|---|---|---|---|---|");
    for (Side side : sides) {
      List<Stage> its = stages.getOrDefault(side, List.of());
      tell(
          "| %s | %.0f | %.1f ms | %.1f ms | %.0f µs |",
          side.name(),
          median(its, s -> s.brought().perSecond()),
          median(its, s -> s.brought().millis(0.5)),
          median(its, s -> s.brought().millis(0.99)),
          median(its, Stage::micros));
    }
    double ours = median(stages.getOrDefault(kept, List.of()), s -> s.brought().perSecond());
    tell(
        "| **kept / bare servlet** | **%.0f %%** | | | |",
        100 * ours / median(stages.getOrDefault(bare, List.of()), s -> s.brought().perSecond()));
    tell(
        "| **kept / keeping nothing** | **%.1f** | | | |",
        ours / median(stages.getOrDefault(cold, List.of()), s -> s.brought().perSecond()));
  }

  private static Stage stage(Side side) throws InterruptedException {
    side.load().run(side.callers(), STAGE.dividedBy(3));
    Duration before = processorTime(side);
    Brought brought = side.load().run(side.callers(), STAGE);
    double micros = processorTime(side).minus(before).toNanos() / 1e3;
    return new Stage(brought, micros / brought.nanos().size());
  }

  private static Duration processorTime(Side side) {
    return side.process().info().totalCpuDuration().orElseThrow();
  }

  private static double median(List<Stage> stages, ToDoubleFunction<Stage> figure) {
    return ApplicationProcess.median(stages.stream().mapToDouble(figure).boxed().toList());
  }

  @SuppressWarnings("AnnotateFormatMethod") // that annotation would be one more dependency
  private void tell(String line, Object... figures) {
    report.append(String.format(Locale.ROOT, line, figures)).append('\n');
  }
}
