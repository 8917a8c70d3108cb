package se.samflode.federation;

import java.util.List;
import se.samflode.producer.AnswerBody;

/**
 * Counts who still needs a fragment; when nobody does, its part of the node's budget is given back.
 * Begins with one who needs it, whoever fetched it. Thread-safe.
 */
public final class Hold {

  private final List<AnswerBody.Kept> budget;
  private int holders = 1;

  Hold(List<AnswerBody.Kept> budget) {
    this.budget = List.copyOf(budget);
  }

  /**
   * One more needs it. Who comes after the last has left is not counted: he holds what the node's
   * budget has no word of any more, for the moment of his own answer.
   */
  synchronized void enter() {
    if (holders > 0) {
      holders++;
    }
  }

  /** One needs it no more. */
  synchronized void leave() {
    if (holders > 0 && --holders == 0) {
      budget.forEach(AnswerBody.Kept::close);
    }
  }
}
