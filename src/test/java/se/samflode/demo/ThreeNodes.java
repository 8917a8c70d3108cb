package se.samflode.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.LoggerFactory;
import se.samflode.mockregions.FhirWay;
import se.samflode.mockregions.IndexFiller;
import se.samflode.mockregions.KafkaWay;
import se.samflode.mockregions.LabWay;
import se.samflode.mockregions.MllpWay;
import se.samflode.mockregions.MockLab;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.Resident;
import se.samflode.testing.ApplicationProcess;
import se.samflode.testing.KafkaBroker;
import se.samflode.testing.LabResultsReader;

/**
 * Many nodes on one machine: {@code mvn spring-boot:test-run -Pthree-nodes}. Three nodes, a Kafka
 * broker and PostgreSQL, each a process of its own, the mock regions, and a client that spreads its
 * questions over the nodes.
 */
public final class ThreeNodes {

  private static final long SEED = 21;
  private static final int NODES = 3;
  private static final int FIRST_PORT = 8080;
  private static final int FIRST_MLLP = 2575;
  private static final int EVERY_SECONDS = 5;
  private static final String RATE = "--results-per-second=";
  private static final String CHANGES = "engagement-changes.v1";

  private final Deque<AutoCloseable> started = new ConcurrentLinkedDeque<>();
  private final CountDownLatch stopping = new CountDownLatch(1);

  private final double resultsPerSecond;

  private ThreeNodes(double resultsPerSecond) {
    this.resultsPerSecond = resultsPerSecond;
  }

  /**
   * Starts everything, and asks until it is stopped.
   *
   * @param arguments {@code --results-per-second=}, what the mock lab pushes; 3 without it
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    // Until the broker answers.
    ((Logger) LoggerFactory.getLogger("org.apache.kafka")).setLevel(Level.ERROR);
    ThreeNodes all = new ThreeNodes(rate(arguments));
    Runtime.getRuntime().addShutdownHook(new Thread(all::stop, "stop"));
    all.run();
  }

  private static double rate(String[] arguments) {
    for (String argument : arguments) {
      if (argument.startsWith(RATE)
          && argument.substring(RATE.length()).matches("[1-9][0-9]{0,2}")) {
        return Double.parseDouble(argument.substring(RATE.length()));
      }
      System.err.println("Only " + RATE + "N is known, N from 1 to 999, and not " + argument);
      System.exit(2);
    }
    return 3;
  }

  private void run() throws IOException, InterruptedException {
    System.out.println("Starting 21 regions, PostgreSQL, a Kafka broker and three nodes ...");
    LocalDate today = LocalDate.now(ZoneId.of("Europe/Stockholm"));
    MockRegions regions = MockRegions.start(new MockRegions.Settings(SEED, today, true));
    started.push(regions);
    EmbeddedPostgres postgres = DemoSystem.durablePostgres();
    started.push(postgres);
    Path folder = Files.createTempDirectory("three-nodes");
    KafkaBroker broker = new KafkaBroker(folder.resolve("broker"));
    started.push(broker);
    broker.createTopic(CHANGES, 6, Map.of());
    // For the sender that mock-regions/senders.yaml lists.
    broker.createTopic("engagement-updates.v1.norrlab", 3, Map.of());
    broker.createTopic("engagement-receipts.v1.norrlab", 3, Map.of());
    broker.createTopic("lab-results.v1.norrlab", 3, Map.of());
    broker.createTopic("lab-receipts.v1.norrlab", 3, Map.of());

    DemoIssuer issuer = new DemoIssuer();
    Map<String, String> settings =
        ApplicationProcess.settings(
            folder, issuer, postgres, MockRegions.FOLDER.resolve("producers.yaml"));
    settings.put("samflode.kafka.brokers", broker.address());
    settings.put("samflode.lab.mllp.address", "127.0.0.1");
    settings.put("samflode.lab.mllp.plain-sender", "gotalab");
    List<DemoNode> nodes =
        IntStream.range(0, NODES)
            .mapToObj(i -> new DemoNode(i + 1, FIRST_PORT + 2 * i, FIRST_MLLP + i, settings))
            .toList();
    started.push(() -> nodes.parallelStream().forEach(DemoNode::close));
    CompletableFuture.allOf(
            nodes.stream()
                .map(node -> CompletableFuture.runAsync(node::start))
                .toArray(CompletableFuture[]::new))
        .join();
    new IndexFiller(nodes.getFirst().uri().toString(), DemoSystem.INDEX)
        .fill(regions.engagements());

    SpreadingClient client =
        new SpreadingClient(
            nodes.stream().map(DemoNode::uri).toList(), tokens(issuer, regions.residents()));
    started.push(client);
    MockLab lab = lab(nodes, broker, issuer, regions.residents());
    started.push(lab);
    explain(nodes, broker, resultsPerSecond);
    client.start();
    lab.start(resultsPerSecond);
    while (!stopping.await(EVERY_SECONDS, TimeUnit.SECONDS)) {
      String line =
          nodes.stream().map(node -> line(node, client)).collect(Collectors.joining(" | "));
      System.out.println(
          line
              + " | unanswered: %d | changes in Kafka: %d"
                  .formatted(client.unanswered(), broker.records(CHANGES)));
      lab.figures().forEach((way, figures) -> System.out.println("  " + line(way, figures)));
      nodes.forEach(DemoNode::comeBack);
    }
  }

  private static String line(String way, MockLab.Figures figures) {
    return "%s: %d stored, %d sent again, %d rejected, %d not read back; %d ms until acknowledged"
        .formatted(
            way,
            figures.stored(),
            figures.again(),
            figures.rejected(),
            figures.wrong(),
            figures.medianMillis());
  }

  /** A lab that pushes by every way, and reads back as a resident does. */
  private static MockLab lab(
      List<DemoNode> nodes, KafkaBroker broker, DemoIssuer issuer, List<Resident> residents) {
    List<URI> uris = nodes.stream().map(DemoNode::uri).toList();
    List<LabWay> ways =
        List.of(
            new FhirWay(
                uris,
                "SE5565594230-LAB1",
                () -> issuer.token(issuer.labClaims(InstantSource.system()))),
            new MllpWay(nodes.stream().map(DemoNode::mllp).toList(), "SE5565594230-LAB2"),
            new KafkaWay(broker.address(), "norrlab", "SE5565594230-LAB3"));
    List<String> grownUps =
        residents.stream()
            .filter(resident -> resident.kind() == Resident.Kind.PERSONNUMMER)
            .map(Resident::id)
            .filter(id -> Integer.parseInt(id.substring(0, 4)) < 2000)
            .limit(20)
            .toList();
    return new MockLab(
        ways,
        grownUps,
        new LabResultsOfNodes(
            uris,
            new LabResultsReader(
                resident -> issuer.token(issuer.claims(resident, InstantSource.system())))));
  }

  private static Supplier<String> tokens(DemoIssuer issuer, List<Resident> residents) {
    List<String> ids =
        residents.stream()
            .filter(resident -> resident.kind() != Resident.Kind.RESERVE)
            .map(Resident::id)
            .toList();
    return () -> {
      String id = ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
      return issuer.token(issuer.claims(id, InstantSource.system()));
    };
  }

  private static void explain(List<DemoNode> nodes, KafkaBroker broker, double resultsPerSecond) {
    System.out.println(
        """

        Samflöde runs on three nodes.
          %s
          Kafka: %s, process %d. PostgreSQL is embedded, the regions are those of the demo.

        A client asks for booked times of any resident, 20 times a second, each time the next node; where
        one does not answer it asks the one after it. A line tells what each node did in %d s: answers,
        failures, and the middle of the times until an answer. A lab pushes %.0f results a second by all three ways, and
        reads back each that is acknowledged. In another terminal:

          kill -9 %d                                        a node dies; it is started again
          curl -s localhost:8083/actuator/health/kafka        what is held up, as node 2 sees it

        Ctrl-C stops everything.
        """
            .formatted(
                nodes.stream().map(DemoNode::where).collect(Collectors.joining("\n  ")),
                broker.address(),
                broker.handle().pid(),
                EVERY_SECONDS,
                resultsPerSecond,
                nodes.getFirst().pid()));
  }

  private static String line(DemoNode node, SpreadingClient client) {
    SpreadingClient.Figures figures = client.figures(node.uri());
    return "node %d%s: %d, %d, %d ms"
        .formatted(
            node.number(),
            node.isUp() ? "" : " (gone)",
            figures.answers(),
            figures.failures(),
            figures.medianMillis());
  }

  private void stop() {
    stopping.countDown();
    System.out.println("Stopping ...");
    for (AutoCloseable one : started) {
      try {
        one.close();
      } catch (Exception e) { // what the interface declares
        System.out.println("something did not stop as it should: " + e);
      }
    }
  }
}
