package se.samflode.federation;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import se.samflode.index.IndexHit;
import se.samflode.index.IndexUnavailable;
import se.samflode.producer.ProducerCalls;

/**
 * Fetches again a share of what was served from the cache, so that it is compared; spread over a
 * minute, and not from a producer that is near its limits. Thread-safe.
 */
@Component
final class Samples {

  private static final Logger LOG = LoggerFactory.getLogger(Samples.class);
  private static final Duration SPREAD = Duration.ofMinutes(1);
  private static final int MOST_WAITING = 1_000;

  private final FreshnessSettings settings;
  private final Planner planner;
  private final Fetching fetching;
  private final ProducerCalls calls;
  private final Clock clock;
  private final Later<RemoteSource.Call> waiting = new Later<>(MOST_WAITING);

  Samples(
      FreshnessSettings settings,
      Planner planner,
      Fetching fetching,
      ProducerCalls calls,
      Clock clock) {
    this.settings = settings;
    this.planner = planner;
    this.fetching = fetching;
    this.calls = calls;
    this.clock = clock;
  }

  /** Takes what would have been called, had it not been kept; few are called all the same. */
  void served(RemoteSource.Call call) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextDouble() < settings.verified()) {
      Duration wait = Duration.ofMillis(random.nextLong(SPREAD.toMillis()));
      // Beyond the most that wait a sample is one too many.
      boolean _ = waiting.offer(clock.instant().plus(wait), call);
    }
  }

  /** Calls those whose time has come. */
  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  void call() {
    for (RemoteSource.Call call : waiting.due(clock.instant())) {
      try {
        fetch(call);
      } catch (IndexUnavailable e) {
        e.log(LOG, call.question().correlationId());
        // Samples less are no loss.
        return;
      }
    }
  }

  private void fetch(RemoteSource.Call sampled) {
    for (IndexHit hit : planner.hits(sampled.question().wanted())) {
      if (hit.address().equals(sampled.hit().address())
          && hit.person().equals(sampled.hit().person())
          && planner.step(sampled.question(), hit) instanceof Planner.Step.Ask(var call)
          && !calls.isNearLimits(call.producer())) {
        CompletableFuture<Landing> _ = fetching.fetch(call, FragmentKey.of(call), false);
      }
    }
  }
}
