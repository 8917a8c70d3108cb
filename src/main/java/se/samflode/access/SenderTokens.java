package se.samflode.access;

import java.util.List;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
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
    return new Verified(sender, Callers.scopes(token));
  }

  private static Refusal unknown() {
    return new Refusal(Refusal.Reason.UNKNOWN_CLIENT);
  }

  /** Keeps no token and no claims: what is not kept cannot leak. */
  private static final class Verified extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    private final transient Sender sender;

    Verified(Sender sender, List<SimpleGrantedAuthority> scopes) {
      super(scopes);
      this.sender = sender;
      setAuthenticated(true);
    }

    @Override
    public Sender getPrincipal() {
      return sender;
    }

    @Override
    public String getCredentials() {
      return "";
    }

    @Override
    public String getName() {
      return sender.id();
    }
  }
}
