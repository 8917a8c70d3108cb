package se.samflode.exchange;

import se.samflode.contract.Reason;
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

  /** Takes the engagement away at the subscriber. */
  EngagementTransaction deletion() {
    return new EngagementTransaction(true, engagement);
  }

  @Override
  public String toString() {
    return "DeadLetter[" + reason.code() + "]";
  }
}
