package se.samflode.access;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.Resource;
import org.springframework.validation.annotation.Validated;

/**
 * Whose tokens are taken. What is not a setting is fixed: RS256, PS256 or ES256, 30 s of clock
 * skew, {@code exp} mandatory, at most 8,192 characters.
 *
 * @param issuer the only {@code iss} that is taken, exact
 * @param audience must stand in {@code aud}
 * @param jwksUri where the issuer publishes its keys; https, or http on this machine
 * @param publicKey the issuer's one key instead, a PEM file "PUBLIC KEY" with RSA of 2,048 bits or
 *     more, or EC on P-256
 */
@Validated
@ConfigurationProperties("samflode.access.token")
record TokenSettings(
    @NotBlank(message = "set samflode.access.token.issuer to the issuer of the tokens")
        String issuer,
    @NotBlank(message = "set samflode.access.token.audience to what tokens for us carry in aud")
        String audience,
    @Nullable URI jwksUri,
    @Nullable Resource publicKey) {

  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  TokenSettings {
    if ((jwksUri == null) == (publicKey == null)) {
      throw new IllegalArgumentException(
          "set exactly one of samflode.access.token.jwks-uri and samflode.access.token.public-key");
    }
    if (jwksUri != null && !isSafe(jwksUri)) {
      throw new IllegalArgumentException(
          "samflode.access.token.jwks-uri must be an https URL, or http on this machine");
    }
  }

  private static boolean isSafe(URI uri) {
    String host = uri.getHost();
    return host != null
        && ("https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && THIS_MACHINE.contains(host)));
  }
}
