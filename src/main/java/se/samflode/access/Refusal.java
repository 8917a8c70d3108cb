package se.samflode.access;

import java.io.Serial;
import org.springframework.security.core.AuthenticationException;

/**
 * A caller that is not let in. The text is fixed per reason: it never repeats a token, a claim or
 * an identity.
 */
public final class Refusal extends AuthenticationException {

  @Serial private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** The token's {@code client_id} is missing or belongs to no listed consumer. */
    UNKNOWN_CLIENT,
    /** The token names no resident, two, or one whose identity number breaks the rules. */
    INVALID_IDENTITY,
    /** The issuer's keys cannot be fetched now, so that no token can be checked. */
    KEYS_UNAVAILABLE
  }

  private final Reason reason;

  Refusal(Reason reason) {
    super(reason.name());
    this.reason = reason;
  }

  /** Why the caller is not let in. */
  public Reason reason() {
    return reason;
  }
}
