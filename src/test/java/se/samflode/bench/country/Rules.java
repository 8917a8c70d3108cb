package se.samflode.bench.country;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What an answer may show, judged by what the region has, had, and told the index of. Times are
 * seconds; nothing else happens in the second of a question. Immutable, thread-safe.
 *
 * @param maxAge of a producer that has proven that it indexes
 */
record Rules(Duration maxAge) {

  private static final long SETTLING = 60;
  private static final long ACTIONABLE = 60;

  /** How an answer can break them. */
  enum Broken {
    /** What is shown is older than its {@code asOf} says, or the region never had it. */
    OLDER_THAN_IT_SAYS(true),
    /** {@code LIVE}, but not fetched for this question. */
    NOT_LIVE(true),
    /** The index was told of a change after the fetch. */
    KNOWN_CHANGED(true),
    /** {@code CACHED} beyond the producer's {@code maxAge}. */
    TOO_OLD(true),
    /** Fetched within the settle time of a change and kept beyond the end of it. */
    NOT_SETTLED(true),
    /** {@code STALE} more than a day beyond {@code maxAge}. */
    STALE_TOO_OLD(true),
    /** {@code STALE} without a reason, or while the producer answers. */
    STALE_WITHOUT_NEED(true),
    /** Kept from before, to a resident who has just changed it. */
    NOT_OWN_WRITE(true),
    /** What may be done with a booking, told from a fetch of a minute ago or more. */
    ACTION_OF_THE_PAST(true),
    /** An address that the index names is not among the sources, or one too many. */
    OTHER_SOURCES(true),
    /** {@code complete} says what the outcomes do not. */
    WRONGLY_COMPLETE(true),
    /** {@code FAILED} while the producer answers. Misleads nobody, but should not be. */
    FAILED_WITHOUT_NEED(false),
    /** {@code FAILED} though an unchanged fragment was kept. Misleads nobody, but should not be. */
    FAILED_DESPITE_FRAGMENT(false);

    private final boolean misleading;

    Broken(boolean misleading) {
      this.misleading = misleading;
    }

    boolean misleading() {
      return misleading;
    }
  }

  /**
   * Judges one source of an answer.
   *
   * @param now when it was asked for
   * @param down whether the producer fails
   * @param afterOwnChange whether the resident has just changed it
   * @param fetched when what was shown last had been fetched; very long ago if nothing was
   * @param proven whether the producer has proven that it indexes
   */
  Set<Broken> broken(
      Answered.Source source,
      Held held,
      Fragment fragment,
      long now,
      boolean down,
      boolean afterOwnChange,
      long fetched,
      boolean proven) {
    Set<Broken> broken = EnumSet.noneOf(Broken.class);
    if (source.asOf() == null) {
      if (!down) {
        broken.add(Broken.FAILED_WITHOUT_NEED);
      }
      if (!afterOwnChange
          && !held.toldBetween(fetched, now)
          && fetched >= held.lastTold(fetched) + SETTLING
          && now - fetched < longest(fragment, proven).plus(Replay.MAX_STALE).toSeconds()) {
        broken.add(Broken.FAILED_DESPITE_FRAGMENT);
      }
      return broken;
    }
    long asOf = source.asOf().getEpochSecond();
    if (!held.had(source.slots(), asOf, now)) {
      broken.add(Broken.OLDER_THAN_IT_SAYS);
    }
    if (source.actionable() && now - asOf >= ACTIONABLE) {
      broken.add(Broken.ACTION_OF_THE_PAST);
    }
    boolean live = source.outcome().equals("LIVE");
    if (live && asOf != now) {
      broken.add(Broken.NOT_LIVE);
    }
    if (!live && afterOwnChange) {
      broken.add(Broken.NOT_OWN_WRITE);
    }
    if (held.toldBetween(asOf, now)) {
      broken.add(Broken.KNOWN_CHANGED);
    }
    long settled = held.lastTold(asOf) + SETTLING;
    if (!live && asOf < settled && now >= settled) {
      broken.add(Broken.NOT_SETTLED);
    }
    long longest = longest(fragment, proven).toSeconds();
    if (source.outcome().equals("CACHED") && now - asOf > longest) {
      broken.add(Broken.TOO_OLD);
    }
    if (source.outcome().equals("STALE")) {
      if (now - asOf > longest + Replay.MAX_STALE.toSeconds()) {
        broken.add(Broken.STALE_TOO_OLD);
      }
      if (!down || source.reason() == null) {
        broken.add(Broken.STALE_WITHOUT_NEED);
      }
    }
    return broken;
  }

  private Duration longest(Fragment fragment, boolean proven) {
    Duration unproven = fragment.content().unprovenAge();
    boolean indexes = proven && fragment.place().habit() != Place.Habit.SILENT;
    return !indexes && unproven.compareTo(maxAge) < 0 ? unproven : maxAge;
  }
}
