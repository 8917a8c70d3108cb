package se.samflode.federation;

import java.util.List;
import se.samflode.contract.Reason;

/** How a fetch ended. */
sealed interface Landing {

  /**
   * With a fragment.
   *
   * @param hold keeps its part of the node's budget
   */
  record Fetched(Fragment fragment, Hold hold) implements Landing {}

  /** Without one. */
  record Missed(Reason reason, List<String> messages) implements Landing {
    Missed(Reason reason) {
      this(reason, List.of());
    }
  }
}
