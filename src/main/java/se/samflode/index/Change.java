package se.samflode.index;

import java.time.Instant;

/**
 * One entry of the change feed. Immutable; prints itself redacted.
 *
 * @param bucket 0 to 1,023; all changes of a resident stand in one
 * @param position 1 or more; within a bucket without gaps and in the order of commits
 * @param changedAt by the database's clock
 * @param deleted whether the engagement was taken away
 * @param engagement as it was stored, or as it was when it was taken away, with the index's times
 */
public record Change(
    int bucket, long position, Instant changedAt, boolean deleted, Engagement engagement) {

  /** What makes the engagement one and the same. */
  public EngagementKey key() {
    return EngagementKey.of(engagement);
  }

  @Override
  public String toString() {
    return "Change[" + bucket + "/" + position + "]";
  }
}
