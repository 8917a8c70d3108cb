package se.samflode.api.rivta;

import java.io.Serial;
import java.util.Optional;
import se.samflode.index.IndexFault;

/** A request that is answered with a SOAP fault. The message is the fault's text. */
final class Refusal extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /**
   * @param faultString for the caller: no identity number, no text of an exception
   */
  Refusal(String faultString) {
    super(faultString);
  }

  /** Refuses a request that breaks a rule of the index. */
  static void throwFor(Optional<IndexFault> fault) {
    if (fault.isPresent()) {
      throw new Refusal(fault.get().faultString());
    }
  }

  /** The refusal of a request that cannot be read; a refusal among the causes goes first. */
  static Refusal unreadable(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof HardenedReader.Violation) {
        return new Refusal(String.valueOf(t.getMessage()));
      }
    }
    return new Refusal(
        "The request is not well-formed XML within the limits " + HardenedReader.LIMITS);
  }
}
