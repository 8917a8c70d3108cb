package se.samflode.access;

import com.nimbusds.jwt.JWTParser;
import java.text.ParseException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Component;
import se.samflode.identity.InvalidIdentity;
import se.samflode.identity.PersonalIdentityNumber;
import se.samflode.identity.PersonalIdentityNumber.Kind;

/**
 * From a verified token to a {@link Caller}: the consumer behind {@code client_id} (or {@code
 * azp}), and the resident from exactly one of the two identity claims, whose kind must be the
 * claim's. Source: The Swedish OpenID Connect Claims 1.0. Thread-safe.
 */
@Component
public final class Callers implements Converter<Jwt, AbstractAuthenticationToken> {

  private static final Pattern SCOPE = Pattern.compile("[a-z][a-z-]{0,40}\\.(read|write)");
  private static final int MAX_SCOPES = 50;

  private static final String PERSONNUMMER = "https://id.oidc.se/claim/personalIdentityNumber";
  private static final String SAMORDNINGSNUMMER = "https://id.oidc.se/claim/coordinationNumber";

  private final Consumers consumers;
  private final Clock clock;

  Callers(Consumers consumers, Clock clock) {
    this.consumers = consumers;
    this.clock = clock;
  }

  /**
   * The authority of a token with the scope to read a kind of content.
   *
   * @param kind such as {@code bookings}
   */
  public static String reads(String kind) {
    return kind + ".read";
  }

  /**
   * Whether a token that has not been verified says that it is a batch consumer's. Good for putting
   * its bearer last and for nothing else: one that lies to stand further ahead will not pass.
   */
  public boolean saysBatch(String token) {
    if (!consumers.anyBatchClient() || token.length() > TokenDecoder.MAX_LENGTH) {
      return false;
    }
    try {
      Map<String, Object> claims = JWTParser.parse(token).getJWTClaimsSet().getClaims();
      return consumer(claims).map(Consumer::batch).orElse(false);
    } catch (ParseException e) {
      return false;
    }
  }

  /**
   * The caller that a verified token proves, with its scopes that have our form.
   *
   * @throws Refusal if the consumer is not listed or the token does not name exactly one resident
   */
  @Override
  public AbstractAuthenticationToken convert(Jwt token) {
    PersonalIdentityNumber resident = resident(token);
    Caller caller = new Caller(resident.personId(), resident.bornBy(), consumer(token));
    return new Proven<>(caller, caller.consumer().hsaId(), scopes(token));
  }

  private Consumer consumer(Jwt token) {
    return consumer(token.getClaims())
        .orElseThrow(() -> new Refusal(Refusal.Reason.UNKNOWN_CLIENT));
  }

  private Optional<Consumer> consumer(Map<String, Object> claims) {
    return claims.getOrDefault("client_id", claims.get("azp")) instanceof String id
        ? consumers.byClientId(id)
        : Optional.empty();
  }

  private PersonalIdentityNumber resident(Jwt token) {
    boolean coordination = token.hasClaim(SAMORDNINGSNUMMER);
    if (coordination == token.hasClaim(PERSONNUMMER)
        || !(claim(token, coordination ? SAMORDNINGSNUMMER : PERSONNUMMER)
            instanceof String text)) {
      throw new Refusal(Refusal.Reason.INVALID_IDENTITY);
    }
    PersonalIdentityNumber number = parsed(text);
    if (number.kind() != (coordination ? Kind.SAMORDNINGSNUMMER : Kind.PERSONNUMMER)) {
      throw new Refusal(Refusal.Reason.INVALID_IDENTITY);
    }
    return number;
  }

  private PersonalIdentityNumber parsed(String text) {
    try {
      return PersonalIdentityNumber.parse(text, clock);
    } catch (InvalidIdentity e) {
      throw new Refusal(Refusal.Reason.INVALID_IDENTITY);
    }
  }

  /** {@code scope} as one text (RFC 8693), else {@code scp} as a text or a list. */
  static List<SimpleGrantedAuthority> scopes(Jwt token) {
    Object scopes = token.hasClaim("scope") ? claim(token, "scope") : claim(token, "scp");
    Stream<String> names =
        switch (scopes) {
          case String text -> Stream.of(text.split(" "));
          case Collection<?> list ->
              list.stream().filter(String.class::isInstance).map(String.class::cast);
          case null, default -> Stream.empty();
        };
    return names
        .filter(name -> SCOPE.matcher(name).matches())
        .limit(MAX_SCOPES)
        .map(SimpleGrantedAuthority::new)
        .toList();
  }

  private static @Nullable Object claim(Jwt token, String name) {
    return token.getClaims().get(name);
  }
}
