package se.samflode.exchange;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import se.samflode.index.Change;

/**
 * The changes that a subscriber does not take while it takes others, one of a bucket: what follows
 * in the bucket waits for it, all else does not. For one thread.
 */
final class Suspects {

  private final SubscriberSettings settings;
  private final LongSupplier nanos;
  private final Map<Integer, Suspect> byBucket = new HashMap<>();

  /**
   * None yet.
   *
   * @param nanos a clock for durations
   */
  Suspects(SubscriberSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
  }

  private record Suspect(long position, int refusals, long notBefore) {}

  /** A change was refused by itself, while others were taken. */
  void add(Change change) {
    put(change, 1);
  }

  /** The bucket goes on as all others. */
  void remove(int bucket) {
    byBucket.remove(bucket);
  }

  /** Whether the bucket waits for a change that is not taken. */
  boolean waits(int bucket) {
    return byBucket.containsKey(bucket);
  }

  /** Whether it is this change that its bucket waits for. */
  boolean has(Change change) {
    Suspect suspect = byBucket.get(change.bucket());
    return suspect != null && suspect.position() == change.position();
  }

  /** A bucket whose change is to be told once more now. */
  OptionalInt due() {
    return byBucket.entrySet().stream()
        .filter(entry -> nanos.getAsLong() - entry.getValue().notBefore() >= 0)
        .mapToInt(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * A change was refused once more.
   *
   * @param counts false where the subscriber takes nothing else either
   * @return whether it has been refused so often that it is given up
   */
  boolean refusedAgain(Change change, boolean counts) {
    Suspect before = byBucket.get(change.bucket());
    int refusals = (before == null ? 0 : before.refusals()) + (counts ? 1 : 0);
    put(change, Math.max(1, refusals));
    return refusals >= settings.refusals();
  }

  private void put(Change change, int refusals) {
    Duration wait = settings.retryAfter(refusals);
    byBucket.put(
        change.bucket(),
        new Suspect(change.position(), refusals, nanos.getAsLong() + wait.toNanos()));
  }
}
