package se.samflode.access;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Whom a verified token proves. Keeps no token and no claims: what is not kept cannot leak.
 *
 * @param <P> who that is
 */
final class Proven<P> extends AbstractAuthenticationToken {

  private static final long serialVersionUID = 1L;

  private final transient P principal;
  private final String name;

  /**
   * @param name without identity, for the log
   */
  Proven(P principal, String name, List<SimpleGrantedAuthority> scopes) {
    super(scopes);
    this.principal = principal;
    this.name = name;
    setAuthenticated(true);
  }

  @Override
  public P getPrincipal() {
    return principal;
  }

  @Override
  public String getCredentials() {
    return "";
  }

  @Override
  public String getName() {
    return name;
  }
}
