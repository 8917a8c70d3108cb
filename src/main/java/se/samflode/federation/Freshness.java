package se.samflode.federation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import se.samflode.contract.Contract;
import se.samflode.index.IndexHit;
import se.samflode.producer.Producer;

/**
 * When a kept fragment may be served. Versions decide whether it is true; clocks only how old it
 * is. Thread-safe.
 */
@Component
final class Freshness {

  /** How long after a fetch is told what holds for a moment only. */
  private static final Duration MOMENT = Duration.ofSeconds(60);

  private final FreshnessSettings settings;
  private final Fidelity fidelity;

  Freshness(FreshnessSettings settings, Fidelity fidelity) {
    this.settings = settings;
    this.fidelity = fidelity;
  }

  /** What a kept fragment is good for. */
  enum Use {
    /** To be served as it is. */
    FRESH,
    /** To be served where the producer cannot be asked. */
    IN_NEED,
    /** Not to be served. */
    NONE
  }

  /**
   * What a kept fragment is good for at a time.
   *
   * @param version the index's at that time: a fragment of another one is known to be changed
   */
  Use use(Fragment kept, long version, Duration maxAge, Instant now) {
    Duration age = Duration.between(kept.fetchedAt(), now);
    Instant notAfter = kept.notAfter();
    if (kept.version() != version
        // The clock has been put back: nobody knows how old it is.
        || age.isNegative()
        || (notAfter != null && !now.isBefore(notAfter))) {
      return Use.NONE;
    }
    if (age.compareTo(maxAge) < 0) {
      return Use.FRESH;
    }
    return age.compareTo(maxAge.plus(settings.maxStale())) < 0 ? Use.IN_NEED : Use.NONE;
  }

  /** How long a producer's fragments of a contract are fresh. */
  Duration maxAge(Producer producer, Contract contract) {
    Duration unproven = contract.freshness().unproven();
    return fidelity.isProven(producer.id(), contract.name())
            && settings.proven().compareTo(unproven) > 0
        ? settings.proven()
        : unproven;
  }

  /**
   * From when on a fragment must not be served, since its producer may index before its own commit
   * can be read: the end of settling. {@code null} if the last change is older.
   *
   * @param hit as read before the call
   * @param begun when the call began
   */
  @Nullable Instant notAfter(IndexHit hit, Instant begun) {
    Duration left = settings.settling().minus(hit.sinceChange());
    return left.isPositive() ? begun.plus(left) : null;
  }

  /** Whether what holds for a moment only may still be told. */
  static boolean isOfThisMoment(Fragment fragment, Instant now) {
    Duration age = Duration.between(fragment.fetchedAt(), now);
    return !age.isNegative() && age.compareTo(MOMENT) < 0;
  }
}
