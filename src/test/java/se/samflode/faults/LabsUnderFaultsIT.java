package se.samflode.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.demo.DemoIssuer;
import se.samflode.mockregions.FhirWay;
import se.samflode.mockregions.KafkaWay;
import se.samflode.mockregions.LabSample;
import se.samflode.mockregions.LabWay;
import se.samflode.mockregions.MllpWay;
import se.samflode.mockregions.MockRegions;
import se.samflode.testing.ApplicationProcess;
import se.samflode.testing.FreePort;
import se.samflode.testing.KafkaBroker;
import se.samflode.testing.KafkaPeer;
import se.samflode.testing.LabResultsReader;
import se.samflode.testing.PublishedChanges;

/**
 * Labs push by all three ways and residents read, while nodes, the broker and PostgreSQL are
 * killed. {@code -Dfaults.rounds=50} for a long run: each round kills one of each.
 */
@Execution(ExecutionMode.CONCURRENT)
class LabsUnderFaultsIT {

  private static final Logger LOG = LoggerFactory.getLogger(LabsUnderFaultsIT.class);
  private static final int ROUNDS = Integer.getInteger("faults.rounds", 1);
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime());
  private static final int PUSHERS = 2;
  private static final String CHANGES = "engagement-changes.v1";

  /** Of the published test series. */
  private static final List<String> RESIDENTS =
      List.of("194501103297", "198501272390", "198504102396", "198506212391");

  @TempDir private Path folder;

  private final Random random = new Random(SEED);
  private final LabLedger ledger = new LabLedger();
  private final DemoIssuer issuer = new DemoIssuer();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final AtomicInteger read = new AtomicInteger();
  private final AtomicInteger numbers = new AtomicInteger();
  private final LabResultsReader reader =
      new LabResultsReader(
          resident -> issuer.token(issuer.claims(resident, InstantSource.system())));

  /** A node that is started again on its ports. */
  private static final class Node {

    private final String name;
    private final int port = FreePort.find();
    private final int managementPort = FreePort.find();
    private final int mllp = FreePort.find();
    private final Map<String, String> settings;
    private ApplicationProcess process;

    Node(String name, Map<String, String> all) throws IOException {
      this.name = name;
      this.settings = new HashMap<>(all);
      this.settings.put("samflode.lab.mllp.port", String.valueOf(mllp));
      this.process = ApplicationProcess.node(name, settings, port, managementPort);
    }

    void killAndStart() throws IOException {
      process.kill();
      process = ApplicationProcess.node(name, settings, port, managementPort);
    }

    URI uri() {
      return URI.create("http://localhost:" + port);
    }
  }

  @Test
  void whatIsAcknowledgedIsThereAndWhatIsWithdrawnIsGone() throws Exception {
    // given
    LOG.info("faults.seed={}", SEED);
    try (PostgresServer postgres = new PostgresServer(folder.resolve("data"));
        KafkaBroker broker = new KafkaBroker(folder.resolve("broker"))) {
      broker.createTopic(CHANGES, 3, Map.of());
      broker.createTopic("lab-results.v1.norrlab", 2, Map.of());
      broker.createTopic("lab-receipts.v1.norrlab", 2, Map.of());
      Map<String, String> settings =
          ApplicationProcess.settings(
              folder, issuer, postgres.running(), MockRegions.FOLDER.resolve("producers.yaml"));
      settings.put("samflode.kafka.brokers", broker.address());
      settings.put("samflode.lab.mllp.address", "127.0.0.1");
      settings.put("samflode.lab.mllp.plain-sender", "gotalab");
      List<Node> nodes =
          List.of(new Node("lab-node-1", settings), new Node("lab-node-2", settings));
      List<LabWay> ways = ways(nodes, broker);
      try (KafkaPeer peer = new KafkaPeer(broker, CHANGES);
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> work = new ArrayList<>();
        for (LabWay way : ways) {
          for (int i = 0; i < PUSHERS; i++) {
            long seed = random.nextLong();
            work.add(threads.submit(() -> push(way, new Random(seed))));
          }
        }
        work.add(threads.submit(() -> readOn(nodes, new Random(SEED))));
        await().atMost(Duration.ofMinutes(2)).until(() -> ledger.acknowledged() > 100);

        // when
        for (int round = 0; round < ROUNDS; round++) {
          nodes.get(random.nextInt(nodes.size())).killAndStart();
          more();
          broker.kill();
          broker.start();
          more();
          postgres.kill();
          postgres.restart();
          more();
        }
        stopping.countDown();
        for (Future<?> each : work) {
          each.get(2, TimeUnit.MINUTES);
        }

        // then
        assertThat(read.get()).as("questions answered meanwhile").isGreaterThan(20);
        ledger.check(postgres.client());
        Set<String> gone = ledger.gone();
        assertThat(gone).as("withdrawn").isNotEmpty();
        for (Node node : nodes) {
          for (String resident : RESIDENTS) {
            Map<String, String> standing = ledger.standing(resident);
            assertThat(standing).as("to be shown").isNotEmpty();
            Map<String, String> shown = reader.values(node.uri(), resident);
            assertThat(shown).as("acknowledged").containsAllEntriesOf(standing);
            assertThat(shown.keySet()).as("though withdrawn").doesNotContainAnyElementsOf(gone);
          }
        }
        await()
            .atMost(Duration.ofSeconds(90))
            .untilAsserted(
                () -> PublishedChanges.areWholeAndInOrder(postgres.client(), peer.read(CHANGES)));
        LOG.info(
            "{} kills each of node, broker and postmaster: {} versions of {} answers acknowledged,"
                + " {} questions, none showed what was withdrawn",
            ROUNDS,
            ledger.acknowledged(),
            ledger.records(),
            read.get());
      } finally {
        stopping.countDown();
        ways.forEach(LabWay::close);
        nodes.forEach(node -> node.process.close());
      }
    }
  }

  private List<LabWay> ways(List<Node> nodes, KafkaBroker broker) {
    return List.of(
        new FhirWay(
            nodes.stream().map(Node::uri).toList(),
            "SE5565594230-LAB1",
            () -> issuer.token(issuer.labClaims(InstantSource.system()))),
        new MllpWay(
            nodes.stream()
                .map(node -> new InetSocketAddress(InetAddress.getLoopbackAddress(), node.mllp))
                .toList(),
            "SE5565594230-LAB2"),
        new KafkaWay(broker.address(), "norrlab", "SE5565594230-LAB3"));
  }

  /** Until labs have got on. */
  private void more() {
    int enough = ledger.acknowledged() + 60;
    await().atMost(Duration.ofMinutes(3)).until(() -> ledger.acknowledged() >= enough);
  }

  private void push(LabWay way, Random own) {
    try {
      while (stopping.getCount() > 0) {
        String resident = RESIDENTS.get(own.nextInt(RESIDENTS.size()));
        LabLedger.History history =
            ledger.begin(resident, "fault-" + numbers.incrementAndGet(), own);
        for (LabSample sample : history.toPush()) {
          history.push();
          pushUntilAnswered(way, sample);
          ledger.acknowledged(history, sample);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As a lab must: again and again, also while we stop, so that everything is known. */
  private static void pushUntilAnswered(LabWay way, LabSample sample) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int attempt = 0; ; attempt++) {
      try {
        assertThat(way.push(sample)).as(way.name() + " must not reject").isTrue();
        return;
      } catch (IOException e) {
        if (attempt > 600) {
          throw new IllegalStateException(way.name() + " gives no answer", e);
        }
        boolean _ = never.await(200, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void readOn(List<Node> nodes, Random own) {
    try {
      while (stopping.getCount() > 0) {
        Node node = nodes.get(own.nextInt(nodes.size()));
        String resident = RESIDENTS.get(own.nextInt(RESIDENTS.size()));
        Set<String> before = ledger.gone();
        try {
          Set<String> shown = shown(node, resident);
          before.retainAll(ledger.gone());
          before.retainAll(shown);
          assertThat(before).as("shown after its withdrawal").isEmpty();
          read.incrementAndGet();
        } catch (IOException e) {
          // The node or the database is being killed.
          boolean _ = stopping.await(100, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The records of a resident that a node shows. */
  private Set<String> shown(Node node, String resident) throws IOException, InterruptedException {
    return reader.values(node.uri(), resident).keySet();
  }
}
