package se.samflode.exchange;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one run for one source and service domain. Immutable.
 *
 * @param end how it ended
 * @param reason why it failed, a code; null if it did not
 * @param pages pages that are stored
 * @param residents residents told on those pages
 * @param leftOut engagements that are not stored since they break a rule, by rule
 */
record PullOutcome(
    End end, @Nullable String reason, int pages, long residents, Map<String, Integer> leftOut) {

  /** How a run ends. */
  enum End {
    /** It is not time yet. */
    NOT_DUE,
    /** Another node has gone on with it, the source's entry has changed, or this node stops. */
    STOPPED,
    /** Everything is stored. */
    COMPLETED,
    /** It goes on later. */
    FAILED
  }

  static final PullOutcome NOT_DUE = new PullOutcome(End.NOT_DUE, null, 0, 0, Map.of());

  PullOutcome {
    leftOut = Map.copyOf(leftOut);
  }

  static PullOutcome failed(String reason) {
    return new PullOutcome(End.FAILED, reason, 0, 0, Map.of());
  }
}
