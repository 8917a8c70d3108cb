package se.samflode.access;

import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Component;

/**
 * From a verified token to the {@link Sender} behind its {@code client_id} (or {@code azp}), for
 * systems that push. Such a token names no resident. Thread-safe.
 */
@Component
public final class SenderTokens implements Converter<Jwt, AbstractAuthenticationToken> {

  /** The authority of a token with the scope to push results. */
  public static final String PUSHES_RESULTS = "lab-results.write";

  private final Senders senders;

  SenderTokens(Senders senders) {
    this.senders = senders;
  }

  /**
   * The sender that a verified token proves, with its scopes that have our form.
   *
   * @throws Refusal if the sender is not listed
   */
  @Override
  public AbstractAuthenticationToken convert(Jwt token) {
    Object client = token.getClaims().getOrDefault("client_id", token.getClaims().get("azp"));
    Sender sender =
        client instanceof String id
            ? senders.byClientId(id).orElseThrow(SenderTokens::unknown)
            : null;
    if (sender == null) {
      throw unknown();
    }
    return new Proven<>(sender, sender.id(), Callers.scopes(token));
  }

  private static Refusal unknown() {
    return new Refusal(Refusal.Reason.UNKNOWN_CLIENT);
  }
}
