package se.samflode.federation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import se.samflode.federation.Fidelity.Seen;
import se.samflode.index.IndexHit;
import se.samflode.index.IndexUnavailable;

/**
 * Compares what was kept with what is fetched later: whether the index tells of changes. Where it
 * had not told, it gets five minutes to do so. Thread-safe.
 */
@Component
final class Comparisons {

  private static final Logger LOG = LoggerFactory.getLogger(Comparisons.class);

  /** A change of which the index tells within this time is late, not untold. */
  static final Duration LAG = Duration.ofMinutes(5);

  /** Changes that wait for the index to tell of them. */
  private static final int MOST_WAITING = 10_000;

  private final Fidelity fidelity;
  private final Planner planner;
  private final Clock clock;
  private final Later<RemoteSource.Call> untold = new Later<>(MOST_WAITING);

  Comparisons(Fidelity fidelity, Planner planner, Clock clock) {
    this.fidelity = fidelity;
    this.planner = planner;
    this.clock = clock;
  }

  /**
   * Takes what a call has brought.
   *
   * @param before what was kept; {@code null} if nothing was
   */
  void compare(RemoteSource.Call call, @Nullable Fragment before, Fragment fetched) {
    if (before == null
        || before.fetchedAt().isAfter(fetched.fetchedAt())
        // It may have been fetched before the producer's own commit.
        || before.notAfter() != null) {
      return;
    }
    // A booking that has passed is gone without an update.
    boolean upcoming = Boolean.TRUE.equals(call.contract().index().upcoming());
    boolean same = before.saysTheSameAs(fetched, upcoming ? fetched.fetchedAt() : null);
    if (before.version() != fetched.version()) {
      if (!same) {
        saw(Seen.TOLD, call);
      }
    } else if (same) {
      saw(Seen.SAME, call);
    } else if (!untold.offer(clock.instant().plus(LAG), call)) {
      saw(Seen.UNTOLD, call);
    }
  }

  /** Decides about changes that the index had its time to tell of. */
  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  void decide() {
    Instant now = clock.instant();
    boolean answers = true;
    for (RemoteSource.Call call : untold.due(now)) {
      try {
        if (answers) {
          saw(isToldByNow(call) ? Seen.LATE : Seen.UNTOLD, call);
          continue;
        }
      } catch (IndexUnavailable e) {
        e.log(LOG, call.question().correlationId());
        answers = false;
      }
      // What the index cannot say now it may say later.
      untold.offer(now.plus(LAG), call);
    }
  }

  private boolean isToldByNow(RemoteSource.Call call) {
    List<IndexHit> hits = planner.hits(call.question().wanted());
    return hits.stream()
        .filter(hit -> hit.person().equals(call.hit().person()))
        .filter(hit -> hit.address().equals(call.hit().address()))
        .noneMatch(hit -> hit.version() == call.hit().version());
  }

  private void saw(Seen seen, RemoteSource.Call call) {
    fidelity.saw(seen, call.producer().id(), call.contract().name());
  }
}
