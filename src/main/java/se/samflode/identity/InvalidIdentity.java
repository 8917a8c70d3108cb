package se.samflode.identity;

import java.io.Serial;

/** A text that is no identity number. The message states the rule, never the text. */
public final class InvalidIdentity extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** Which rule was broken. */
  public enum Reason {
    /** Not 12 digits. */
    SHAPE,
    /** The date does not exist or has not come. */
    DATE,
    /** The check digit is wrong. */
    CHECK_DIGIT
  }

  private final Reason reason;

  InvalidIdentity(Reason reason, String rule) {
    super(rule);
    this.reason = reason;
  }

  /** Which rule was broken. */
  public Reason reason() {
    return reason;
  }
}
