package se.samflode.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.demo.DemoIssuer;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.MockRegions;
import se.samflode.testing.ApplicationProcess;
import se.samflode.testing.IndexClient;
import se.samflode.testing.KafkaBroker;
import se.samflode.testing.KafkaPeer;
import se.samflode.testing.PublishedChanges;

/**
 * Of two nodes the one that publishes to Kafka is killed under load, and the broker too. {@code
 * -Dfaults.rounds=50} for a long run.
 */
@Execution(ExecutionMode.CONCURRENT)
class KilledNodesIT {

  private static final Logger LOG = LoggerFactory.getLogger(KilledNodesIT.class);
  private static final int ROUNDS = Integer.getInteger("faults.rounds", 1);
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime());
  private static final String CHANGES = "engagement-changes.v1";

  /** Until the lease of a killed node has run out, and some. */
  private static final Duration TAKEN_OVER = Duration.ofMinutes(3);

  @TempDir private Path folder;

  @Test
  void publishesEveryChangeAndEachEngagementsInOrder() throws IOException {
    // given
    LOG.info("faults.seed={}", SEED);
    Random random = new Random(SEED);
    Ledger ledger = new Ledger();
    AtomicInteger changes = new AtomicInteger();
    try (PostgresServer postgres = new PostgresServer(folder.resolve("data"));
        KafkaBroker broker = new KafkaBroker(folder.resolve("broker"))) {
      broker.createTopic(CHANGES, 3, Map.of());
      Map<String, String> settings =
          ApplicationProcess.settings(
              folder,
              new DemoIssuer(),
              postgres.running(),
              MockRegions.FOLDER.resolve("producers.yaml"));
      settings.put("samflode.kafka.brokers", broker.address());
      Deque<ApplicationProcess> nodes = new ArrayDeque<>();
      nodes.push(ApplicationProcess.node("killed-0", settings));
      try (KafkaPeer peer = new KafkaPeer(broker, CHANGES)) {
        for (int round = 1; round <= ROUNDS; round++) {
          ApplicationProcess publishes = nodes.getFirst();
          nodes.push(ApplicationProcess.node("killed-" + round, settings));
          try (IndexClient index =
                  new IndexClient(
                      nodes.getFirst().uri(), DemoSystem.INDEX, Duration.ofSeconds(60));
              Writers writers = new Writers(index, ledger, changes, random.nextLong())) {
            long published = peer.read(CHANGES).size();
            await()
                .atMost(TAKEN_OVER)
                .untilAsserted(
                    () -> assertThat(peer.read(CHANGES)).hasSizeGreaterThan((int) published + 50));

            // when
            publishes.kill();
            broker.kill();
            long enough = writers.acknowledged() + 50 + random.nextInt(200);
            await().atMost(Duration.ofSeconds(60)).until(() -> writers.acknowledged() >= enough);
            broker.start();
          }

          // then
          ledger.check(postgres.client());
          await()
              .atMost(TAKEN_OVER)
              .untilAsserted(
                  () -> PublishedChanges.areWholeAndInOrder(postgres.client(), peer.read(CHANGES)));
        }
        LOG.info(
            "{} kills of node and broker: {} changes acknowledged, {} records in Kafka",
            ROUNDS,
            ledger.acknowledged(),
            peer.read(CHANGES).size());
      } finally {
        nodes.forEach(ApplicationProcess::close);
      }
    }
  }
}
