package se.samflode.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import se.samflode.identity.PersonalIdentityNumber;
import se.samflode.readmodel.Kind;

/** An issuer of tokens with a key made at its birth, for the demo and for tests. Thread-safe. */
public final class DemoIssuer {

  /** How long a token lives. */
  public static final Duration LIFE = Duration.ofHours(1);

  /** The consumer that the demo's tokens are for. */
  public static final String CLIENT = "demo-1177";

  /** The sender in {@code mock-regions/senders.yaml} that has tokens. */
  public static final String LAB_CLIENT = "demo-svealab";

  private static final String SCOPES =
      Arrays.stream(Kind.values())
          .map(kind -> kind.path() + ".read")
          .collect(Collectors.joining(" ", "openid ", ""));

  private static final String ISSUER = "https://issuer.demo.invalid";
  private static final String AUDIENCE = "samflode-demo";

  private final RSAKey key;

  /** Makes a new key. */
  public DemoIssuer() {
    try {
      this.key = new RSAKeyGenerator(2048).keyID("demo").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("this JDK makes no RSA keys", e);
    }
  }

  /** What the application must be told to take this issuer's tokens; values may be objects. */
  public Map<String, Object> properties() {
    return Map.of(
        "samflode.access.token.issuer",
        ISSUER,
        "samflode.access.token.audience",
        AUDIENCE,
        "samflode.access.token.public-key",
        publicKey());
  }

  /** The public key as PEM. */
  public Resource publicKey() {
    try {
      String base64 = Base64.getMimeEncoder().encodeToString(key.toRSAPublicKey().getEncoded());
      return new ByteArrayResource(
          ("-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n")
              .getBytes(StandardCharsets.US_ASCII),
          "the demo issuer's public key");
    } catch (JOSEException e) {
      throw new IllegalStateException("the key has a public half", e);
    }
  }

  /** The key pair, to sign something odd with. */
  public RSAKey key() {
    return key;
  }

  /** The claims of a token about a resident, of the demo's consumer, that is taken for an hour. */
  public Map<String, Object> claims(String personalIdentityNumber, InstantSource clock) {
    PersonalIdentityNumber number = PersonalIdentityNumber.parse(personalIdentityNumber, clock);
    String claim =
        switch (number.kind()) {
          case PERSONNUMMER -> "https://id.oidc.se/claim/personalIdentityNumber";
          case SAMORDNINGSNUMMER -> "https://id.oidc.se/claim/coordinationNumber";
        };
    Map<String, Object> claims = new HashMap<>(claims(clock));
    claims.put(claim, number.personId().value());
    return claims;
  }

  /** The claims of a good token but for the resident. */
  public Map<String, Object> claims(InstantSource clock) {
    Instant now = clock.instant();
    return Map.of(
        "iss",
        ISSUER,
        "aud",
        AUDIENCE,
        "iat",
        Date.from(now),
        "exp",
        Date.from(now.plus(LIFE)),
        "client_id",
        CLIENT,
        "scope",
        SCOPES);
  }

  /** The claims of a good token of the demo's lab that pushes over HTTP. */
  public Map<String, Object> labClaims(InstantSource clock) {
    Map<String, Object> claims = new HashMap<>(claims(clock));
    claims.put("client_id", LAB_CLIENT);
    claims.put("scope", "lab-results.write");
    return claims;
  }

  /** Signs claims as they are, with RS256. */
  public String token(Map<String, ? extends @Nullable Object> claims) {
    JWTClaimsSet.Builder set = new JWTClaimsSet.Builder();
    claims.forEach(set::claim);
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), set.build());
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("the key signs", e);
    }
  }
}
