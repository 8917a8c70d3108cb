package se.samflode.exchange;

import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;
import se.samflode.index.Change;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementKey;
import se.samflode.index.EngagementTransaction;

/**
 * A key of which a subscriber has not been told a change. Immutable; prints itself redacted.
 *
 * @param bucket of the feed, in which its changes stand
 * @param engagement its key fields; the others are absent
 * @param reason why it was given up
 */
record DeadLetter(int bucket, EngagementKey key, Engagement engagement, Reason reason) {

  static DeadLetter of(Change change, Reason reason) {
    return new DeadLetter(change.bucket(), change.key(), change.engagement(), reason);
  }

  /**
   * Makes the key at the subscriber what it is here now.
   *
   * @param present null if the index has nothing under the key
   */
  EngagementTransaction now(@Nullable Engagement present) {
    return present == null
        ? new EngagementTransaction(true, engagement)
        : new EngagementTransaction(false, present);
  }

  @Override
  public String toString() {
    return "DeadLetter[" + reason.code() + "]";
  }
}
