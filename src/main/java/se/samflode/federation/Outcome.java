package se.samflode.federation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;
import se.samflode.identity.LogicalAddress;
import se.samflode.producer.Producer;

/**
 * How one asked address ended for one question. Every asked address has exactly one, so that none
 * can go missing.
 */
public sealed interface Outcome {

  /** The address asked. */
  LogicalAddress from();

  /** Who answers for it; {@code null} where nobody is registered. */
  @Nullable Producer producer();

  /** What the producer says to people; never for a log. */
  List<String> messages();

  /** Fetched for this question. */
  record Live(LogicalAddress from, Producer producer, Fragment fragment) implements Outcome {

    @Override
    public List<String> messages() {
      return fragment.messages();
    }
  }

  /**
   * Nothing to show, and why.
   *
   * @param messages what the producer says to people; never for a log
   */
  record Failed(
      LogicalAddress from, @Nullable Producer producer, Reason reason, List<String> messages)
      implements Outcome {

    /** Copies the list. */
    public Failed {
      messages = List.copyOf(messages);
    }
  }
}
