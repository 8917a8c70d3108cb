package se.samflode.contract;

import java.io.Serial;

/**
 * A source that cannot be shown, since a call or its answer failed. Carries a reason only: what the
 * producer wrote is untrusted and is dropped. Cheap to make, no stack trace.
 */
public final class SourceFailed extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Fails a source for this reason. */
  public SourceFailed(Reason reason) {
    super(reason.code(), null, false, false);
    this.reason = reason;
  }

  /** Why the source cannot be shown. */
  public Reason reason() {
    return reason;
  }
}
