package se.samflode.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** The application is killed under load. {@code -Dfaults.rounds=200} for a long run. */
@Execution(ExecutionMode.CONCURRENT)
class KilledApplicationIT {

  private static final Logger LOG = LoggerFactory.getLogger(KilledApplicationIT.class);
  private static final int ROUNDS = Integer.getInteger("faults.rounds", 5);
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime());

  @TempDir private Path folder;

  @Test
  void losesNothingAcknowledgedAndTellsTheSubscriberEveryChange() throws IOException {
    // given
    LOG.info("faults.seed={}", SEED);
    Random random = new Random(SEED);
    Ledger ledger = new Ledger();
    AtomicInteger changes = new AtomicInteger();
    try (PostgresServer postgres = new PostgresServer(folder.resolve("data"));
        Recorder subscriber = new Recorder()) {
      Path subscribers =
          Files.writeString(folder.resolve("subscribers.yaml"), subscriber.subscribersYaml());
      for (int round = 0; round < ROUNDS; round++) {

        // when
        try (ApplicationProcess application = start(postgres, subscribers)) {
          // A new subscriber is told of what changes from then on.
          await().until(() -> count(postgres, "subscriber") == 1);
          try (IndexClient index =
                  new IndexClient(application.uri(), DemoSystem.INDEX, Duration.ofSeconds(60));
              Writers writers = new Writers(index, ledger, changes, random.nextLong())) {
            long enough = 20L + random.nextInt(400);
            await()
                .pollInterval(Duration.ofMillis(1 + random.nextInt(20)))
                .atMost(Duration.ofSeconds(60))
                .until(() -> writers.acknowledged() >= enough);
            application.kill();
          }
        }

        // then
        ledger.check(postgres.client());
      }
      try (ApplicationProcess _ = start(postgres, subscribers)) {
        await()
            // While it is killed it lives hardly longer than the lease of the one before.
            .atMost(Duration.ofMinutes(4).plusSeconds(30L * ROUNDS))
            .untilAsserted(
                () -> assertThat(subscriber.told()).isEqualTo(Ledger.feed(postgres.client())));
        assertThat(count(postgres, "dead_letter")).isZero();
      }
      LOG.info(
          "{} kills: {} changes acknowledged, {} without an answer",
          ROUNDS,
          ledger.acknowledged(),
          ledger.unanswered());
      assertThat(ledger.acknowledged()).isPositive();
    }
  }

  private static long count(PostgresServer postgres, String table) {
    return postgres.client().sql("SELECT count(*) FROM " + table).query(Long.class).single();
  }

  private ApplicationProcess start(PostgresServer postgres, Path subscribers) throws IOException {
    Map<String, String> settings =
        ApplicationProcess.settings(
            folder,
            new DemoIssuer(),
            postgres.running(),
            MockRegions.FOLDER.resolve("producers.yaml"));
    settings.put("samflode.subscribers.file", "file:" + subscribers);
    settings.put("samflode.subscribers.poll-interval", "100ms");
    return new ApplicationProcess(settings);
  }
}
