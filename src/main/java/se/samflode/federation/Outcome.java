package se.samflode.federation;

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

  /** Fetched for this question. */
  record Live(LogicalAddress from, Producer producer, Fragment fragment) implements Outcome {}

  /** Nothing to show, and why. */
  record Failed(LogicalAddress from, @Nullable Producer producer, Reason reason)
      implements Outcome {}
}
