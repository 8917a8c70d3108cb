package se.samflode.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

/** PostgreSQL is killed, and stopped, under load. {@code -Dfaults.rounds=200} for a long run. */
@Execution(ExecutionMode.CONCURRENT)
class KilledDatabaseIT {

  private static final Logger LOG = LoggerFactory.getLogger(KilledDatabaseIT.class);
  private static final int ROUNDS = Integer.getInteger("faults.rounds", 5);
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime());
  private static final Duration RECOVERY = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @Test
  void losesNothingAcknowledgedAndRecoversWithoutARestartOfTheApplication() throws IOException {
    // given
    LOG.info("faults.seed={}", SEED);
    Random random = new Random(SEED);
    Ledger ledger = new Ledger();
    AtomicInteger changes = new AtomicInteger();
    try (PostgresServer postgres = new PostgresServer(folder.resolve("data"));
        ApplicationProcess application =
            new ApplicationProcess(
                ApplicationProcess.settings(
                    folder,
                    new DemoIssuer(),
                    postgres.running(),
                    MockRegions.FOLDER.resolve("producers.yaml")));
        IndexClient index =
            new IndexClient(application.uri(), DemoSystem.INDEX, Duration.ofSeconds(60))) {
      for (int round = 0; round < 2 * ROUNDS; round++) {
        boolean kill = round % 2 == 0;

        // when
        try (Writers writers = new Writers(index, ledger, changes, random.nextLong())) {
          waitFor(writers, 20L + random.nextInt(400), Duration.ofSeconds(60));
          if (kill) {
            postgres.kill();
          } else {
            postgres.stop();
          }
          await()
              .atMost(Duration.ofSeconds(30))
              .untilAsserted(() -> assertThat(writers.refusals()).isNotEmpty());
          postgres.restart();
          waitFor(writers, writers.acknowledged() + 20, RECOVERY);

          // then
          assertThat(writers.refusals())
              .containsOnlyKeys("A technical error has occurred, correlation id");
        }
        ledger.check(postgres.client());
      }
      LOG.info(
          "{} kills and {} stops: {} changes acknowledged, {} refused or in doubt",
          ROUNDS,
          ROUNDS,
          ledger.acknowledged(),
          ledger.unanswered());
    }
  }

  private static void waitFor(Writers writers, long acknowledged, Duration atMost) {
    await().atMost(atMost).until(() -> writers.acknowledged() >= acknowledged);
  }
}
