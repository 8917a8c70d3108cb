package se.samflode.access;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.MalformedURLException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ehcache.Cache;
import org.ehcache.config.builders.ExpiryPolicyBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.builders.UserManagedCacheBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;

/**
 * Verifies a token's signature, issuer, audience and times, by {@link TokenSettings}. Fetches keys
 * with a connect and a read timeout of 2 s each, at most 256 kB, at most twice in 5 s. A signature
 * that was good is not verified again for 30 s, times are. Thread-safe.
 */
@Component
final class TokenDecoder implements JwtDecoder {

  /** Longest token that is looked at, characters. */
  static final int MAX_LENGTH = 8 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(TokenDecoder.class);
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);
  private static final int KEY_TIMEOUT_MS = 2_000;

  /**
   * Keys are fetched at most twice in it. Whoever sends tokens that name keys which nobody has uses
   * that up, and a token of a new key is refused for as long.
   */
  private static final Duration FETCHED_TWICE = Duration.ofSeconds(5);

  private static final int MAX_KEY_BYTES = 256 * 1024;
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);

  /** How long a signature stays good; a key that was withdrawn is trusted for as much longer. */
  private static final Duration VERIFIED_FOR = Duration.ofSeconds(30);

  private static final int MOST_VERIFIED = 10_000;

  private final NimbusJwtDecoder verifier;
  private final JwtTimestampValidator times;

  /** By SHA-256 of the token; without the token itself. */
  private final Cache<ByteBuffer, Jwt> verified =
      UserManagedCacheBuilder.newUserManagedCacheBuilder(ByteBuffer.class, Jwt.class)
          .withResourcePools(ResourcePoolsBuilder.heap(MOST_VERIFIED))
          .withExpiry(ExpiryPolicyBuilder.timeToLiveExpiration(VERIFIED_FOR))
          .build(true);

  TokenDecoder(TokenSettings settings, Clock clock) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys(settings)));
    // RFC 9068 access tokens say at+jwt, others JWT or nothing.
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            new JOSEObjectType("at+jwt"), JOSEObjectType.JWT, null));
    // Claims are checked below, by the validators.
    processor.setJWTClaimsSetVerifier((claims, context) -> {});
    times = new JwtTimestampValidator(CLOCK_SKEW);
    times.setAllowEmptyExpiryClaim(false);
    times.setClock(clock);
    verifier = new NimbusJwtDecoder(processor);
    verifier.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            times,
            new JwtIssuerValidator(settings.issuer()),
            new JwtAudienceValidator(settings.audience())));
  }

  /**
   * Verifies a token.
   *
   * @throws BadJwtException if the token is not valid; neither text nor cause repeats any of it
   * @throws Refusal if the issuer's keys cannot be fetched, or have been fetched just now without
   *     the one that the token names
   */
  @Override
  public Jwt decode(String token) {
    if (token.length() > MAX_LENGTH) {
      throw new BadJwtException("the token is too long");
    }
    ByteBuffer key = ByteBuffer.wrap(sha256(token));
    Jwt known = verified.get(key);
    if (known != null) {
      if (times.validate(known).hasErrors()) {
        throw new BadJwtException("the token is not valid");
      }
      return known;
    }
    Jwt good = verify(token);
    verified.put(
        key,
        Jwt.withTokenValue("verified")
            .headers(h -> h.putAll(good.getHeaders()))
            .claims(c -> c.putAll(good.getClaims()))
            .build());
    return good;
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private Jwt verify(String token) {
    try {
      return verifier.decode(token);
    } catch (BadJwtException e) {
      throw new BadJwtException("the token is not valid");
    } catch (JwtException e) {
      // That they were fetched just now is no failure, and anybody's token can be the next.
      if (!(e.getCause() instanceof RateLimitReachedException)) {
        LOG.atWarn()
            .addKeyValue("event", "access.keys-unavailable")
            .log("the issuer's keys cannot be fetched; tokens are refused until they can");
      }
      throw new Refusal(Refusal.Reason.KEYS_UNAVAILABLE);
    }
  }

  private static JWKSource<SecurityContext> keys(TokenSettings settings) {
    if (settings.publicKey() != null) {
      JWK key = PublicKeyFile.read(settings.publicKey());
      // The one key is meant whatever kid the token has.
      return (selector, context) ->
          selector.getMatcher().getKeyTypes().contains(key.getKeyType()) ? List.of(key) : List.of();
    }
    try {
      return JWKSourceBuilder.create(
              Objects.requireNonNull(settings.jwksUri()).toURL(),
              new DefaultResourceRetriever(KEY_TIMEOUT_MS, KEY_TIMEOUT_MS, MAX_KEY_BYTES))
          .rateLimited(FETCHED_TWICE.toMillis())
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("samflode.access.token.jwks-uri must be a URL", e);
    }
  }
}
