package se.samflode.contract;

import java.io.Serial;
import java.util.List;

/**
 * A source that cannot be shown, since a call or its answer failed. Of what the producer wrote it
 * carries at most the texts of a result element, which are for the caller and never for a log; the
 * text of a fault is untrusted and is dropped. Cheap to make, no stack trace.
 */
public final class SourceFailed extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final transient List<String> messages;

  /** Fails a source for this reason. */
  public SourceFailed(Reason reason) {
    this(reason, List.of());
  }

  /**
   * Fails a source for this reason.
   *
   * @param messages what its result element says to people
   */
  public SourceFailed(Reason reason, List<String> messages) {
    super(reason.code(), null, false, false);
    this.reason = reason;
    this.messages = List.copyOf(messages);
  }

  /** Why the source cannot be shown. */
  public Reason reason() {
    return reason;
  }

  /** What the source's result element says to people; not to be logged. */
  public List<String> messages() {
    return messages;
  }
}
