package se.samflode.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.demo.DemoIssuer;
import se.samflode.mockregions.FhirWay;
import se.samflode.mockregions.KafkaWay;
import se.samflode.mockregions.LabSample;
import se.samflode.mockregions.LabWay;
import se.samflode.mockregions.MllpWay;
import se.samflode.testing.ApplicationProcess;
import se.samflode.testing.FreePort;
import se.samflode.testing.KafkaBroker;
import se.samflode.testing.LabResultsReader;

/**
 * What labs can push by each way, how soon another node shows it, and what more nodes bring. Load,
 * nodes, broker and PostgreSQL share this machine. {@code -Dbench.seconds=6} is the length of a
 * stage. Docs: docs/benchmarks.md.
 */
class NodesBenchmark {

  private static final Logger LOG = LoggerFactory.getLogger(NodesBenchmark.class);

  private static final Duration STAGE = Duration.ofSeconds(Long.getLong("bench.seconds", 6));
  private static final int ROUNDS = 3;
  private static final int NODES = 3;
  private static final int PUSHERS = 16;
  private static final int CALLERS = 24;
  private static final int READ_BACK = 300;

  @TempDir private Path files;

  private final DemoIssuer issuer = new DemoIssuer();
  private final AtomicInteger numbers = new AtomicInteger();
  private final StringBuilder report = new StringBuilder("\n");
  private final LabResultsReader reader =
      new LabResultsReader(
          resident -> issuer.token(issuer.claims(resident, InstantSource.system())));

  @BeforeAll
  static void onlyTheFiguresAreLogged() {
    ApplicationProcess.onlyLogFigures();
  }

  @Test
  void tellsWhatLabsCanPushAndWhatNodesBring() throws Exception {
    List<String> residents = ColdSources.publishedResidents();
    ColdSources sources = ColdSources.of(residents, 3, 1);
    List<ApplicationProcess> nodes = new ArrayList<>();
    List<InetSocketAddress> mllp = new ArrayList<>();
    try (EmbeddedPostgres postgres = ApplicationProcess.durablePostgres();
        KafkaBroker broker = new KafkaBroker(files.resolve("broker"));
        ChildProcess stub = new ChildProcess(StubProducer.class)) {
      broker.createTopic("engagement-changes.v1", 6, Map.of());
      broker.createTopic("lab-results.v1.norrlab", 6, Map.of());
      broker.createTopic("lab-receipts.v1.norrlab", 6, Map.of());
      Map<String, String> settings =
          ApplicationProcess.settings(
              files,
              issuer,
              postgres,
              ColdSources.registry(files, Stream.of(sources), stub.port()));
      settings.put("samflode.kafka.brokers", broker.address());
      settings.put("samflode.lab.mllp.address", "127.0.0.1");
      settings.put("samflode.lab.mllp.plain-sender", "gotalab");
      try {
        for (int i = 0; i < NODES; i++) {
          Map<String, String> own = new HashMap<>(settings);
          int port = FreePort.find();
          own.put("samflode.lab.mllp.port", String.valueOf(port));
          mllp.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          nodes.add(ApplicationProcess.node("bench-node-" + (i + 1), own));
        }
        sources.index(JdbcClient.create(postgres.getPostgresDatabase()));
        reads(nodes, sources);
        pushes(nodes, mllp, broker, residents);
        memory(nodes);
      } finally {
        nodes.forEach(ApplicationProcess::close);
      }
    }
    Files.writeString(Path.of("target", "nodes-benchmark.md"), report);
    LOG.info("{}", report);
  }

  private void reads(List<ApplicationProcess> nodes, ColdSources sources)
      throws InterruptedException {
    List<ColdLoad> loads =
        nodes.stream()
            .map(node -> ColdQuestions.json(node.uri().getPort(), issuer, sources))
            .toList();
    for (int round = 0; round < 3; round++) {
      together(loads, STAGE);
    }
    Map<Integer, List<Double>> perSecond = new HashMap<>();
    Map<Integer, List<Double>> millis = new HashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int count = 1; count <= NODES; count++) {
        List<ColdLoad.Brought> all = together(loads.subList(0, count), STAGE);
        perSecond
            .computeIfAbsent(count, c -> new ArrayList<>())
            .add(all.stream().mapToDouble(ColdLoad.Brought::perSecond).sum());
        millis
            .computeIfAbsent(count, c -> new ArrayList<>())
            .add(all.stream().mapToDouble(b -> b.millis(0.99)).max().orElse(0));
      }
    }
    tell("%n| nodes | warm answers/s, %d callers over all | 99th percentile |", CALLERS);
    tell("|---|---|---|");
    for (int count = 1; count <= NODES; count++) {
      tell(
          "| %d | %.0f | %.1f ms |",
          count,
          ApplicationProcess.median(perSecond.getOrDefault(count, List.of())),
          ApplicationProcess.median(millis.getOrDefault(count, List.of())));
    }
  }

  private static List<ColdLoad.Brought> together(List<ColdLoad> loads, Duration time)
      throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ColdLoad.Brought>> running =
          loads.stream()
              .map(load -> threads.submit(() -> load.run(CALLERS / loads.size(), time)))
              .toList();
      List<ColdLoad.Brought> brought = new ArrayList<>();
      for (Future<ColdLoad.Brought> one : running) {
        brought.add(one.get());
      }
      return brought;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a load failed", e.getCause());
    }
  }

  private void pushes(
      List<ApplicationProcess> nodes,
      List<InetSocketAddress> mllp,
      KafkaBroker broker,
      List<String> residents)
      throws Exception {
    List<URI> uris = nodes.stream().map(ApplicationProcess::uri).toList();
    String token = issuer.token(issuer.labClaims(InstantSource.system()));
    tell(
        "%n| way | results/s, %d at a time | until acknowledged, median | 99th percentile |",
        PUSHERS);
    tell("|---|---|---|---|");
    try (LabWay fhir = new FhirWay(uris, "SE5565594230-LAB1", () -> token);
        LabWay hl7 = new MllpWay(mllp, "SE5565594230-LAB2");
        LabWay kafka = new KafkaWay(broker.address(), "norrlab", "SE5565594230-LAB3")) {
      for (LabWay way : List.of(fhir, hl7, kafka)) {
        push(way, residents, STAGE.multipliedBy(2));
        long begun = System.nanoTime();
        List<Long> nanos = push(way, residents, STAGE.multipliedBy(2));
        double seconds = (System.nanoTime() - begun) / 1e9;
        tell(
            "| %s | %.0f | %.1f ms | %.1f ms |",
            way.name(), nanos.size() / seconds, millis(nanos, 0.5), millis(nanos, 0.99));
      }
      visible(new FhirWay(List.of(uris.getFirst()), "SE5565594230-LAB1", () -> token), uris.get(1));
    }
  }

  /** Pushes answers that nobody has, and tells how long each took. */
  private List<Long> push(LabWay way, List<String> residents, Duration time) throws Exception {
    ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < PUSHERS; i++) {
        running.add(
            threads.submit(() -> {
              while (System.nanoTime() < end) {
                int number = numbers.incrementAndGet();
                LabSample sample =
                    new LabSample(
                        residents.get(number % residents.size()),
                        "bench-" + number,
                        "5.5",
                        "final",
                        Instant.parse("2026-11-20T10:00:00Z"));
                long begun = System.nanoTime();
                if (!way.push(sample)) {
                  throw new IllegalStateException(way.name() + " rejected a result");
                }
                nanos.add(System.nanoTime() - begun);
              }
              return null;
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    return nanos.stream().sorted().toList();
  }

  /** A resident of his own, so that an answer stays small. */
  private void visible(LabWay one, URI other) throws Exception {
    String resident = ColdSources.publishedResidents().getLast();
    List<Long> nanos = new ArrayList<>();
    int late = 0;
    for (int i = 0; i < READ_BACK; i++) {
      one.push(
          new LabSample(
              resident,
              "seen",
              "4." + i,
              "final",
              Instant.parse("2026-11-20T10:00:00Z").plusSeconds(i)));
      long acknowledged = System.nanoTime();
      int asked = 0;
      do {
        asked++;
      } while (!("4." + i).equals(reader.values(other, resident).get("seen")));
      nanos.add(System.nanoTime() - acknowledged);
      late += asked > 1 ? 1 : 0;
    }
    List<Long> sorted = nanos.stream().sorted().toList();
    tell(
        "%nFrom the acknowledgement by one node to an answer of another that has it, %d times:"
            + " median %.1f ms, 99th percentile %.1f ms; %d times not in the first answer.",
        READ_BACK, millis(sorted, 0.5), millis(sorted, 0.99), late);
  }

  private void memory(List<ApplicationProcess> nodes) throws IOException, InterruptedException {
    for (ApplicationProcess node : nodes) {
      tell(
          "%nA node after this: %d MB resident, %d MB of heap in use after a collection.",
          node.residentMegabytes(), node.liveHeapMegabytes());
    }
  }

  private static double millis(List<Long> sorted, double share) {
    return sorted.isEmpty() ? 0 : sorted.get((int) (share * (sorted.size() - 1))) / 1e6;
  }

  @SuppressWarnings("AnnotateFormatMethod") // that annotation would be one more dependency
  private void tell(String line, Object... figures) {
    report.append(String.format(Locale.ROOT, line, figures)).append('\n');
  }
}
