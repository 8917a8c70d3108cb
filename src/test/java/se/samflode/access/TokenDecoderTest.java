package se.samflode.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import se.samflode.config.InvalidFile;
import se.samflode.demo.DemoIssuer;
import se.samflode.testing.SteeredClock;

@ExtendWith(OutputCaptureExtension.class)
class TokenDecoderTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final String PREFIX = "samflode.access.token.";

  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withUserConfiguration(Settings.class)
          .withPropertyValues(PREFIX + "issuer=i", PREFIX + "audience=a");

  @Test
  void takesTheThreeAlgorithmsFromPublishedKeys() throws Exception {
    // given
    RSAKey rsa = new RSAKeyGenerator(2048).keyID("r").generate();
    ECKey ec = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
    try (Publisher publisher = new Publisher(rsa, ec)) {
      TokenDecoder decoder = new TokenDecoder(settings(publisher.uri(), null), CLOCK);

      // when, then
      assertThat(decoder.decode(token("r", JWSAlgorithm.RS256, new RSASSASigner(rsa)))).isNotNull();
      assertThat(decoder.decode(token("r", JWSAlgorithm.PS256, new RSASSASigner(rsa)))).isNotNull();
      assertThat(decoder.decode(token("e", JWSAlgorithm.ES256, new ECDSASigner(ec)))).isNotNull();
      assertThatThrownBy(
              () -> decoder.decode(token("r", JWSAlgorithm.RS384, new RSASSASigner(rsa))))
          .isInstanceOf(BadJwtException.class);
    }
  }

  @Test
  void takesANewKeySoonWhileTokensOfKeysThatNobodyHasComeWithoutEnd(CapturedOutput output)
      throws Exception {
    // given
    RSAKey old = new RSAKeyGenerator(2048).keyID("old").generate();
    RSAKey renewed = new RSAKeyGenerator(2048).keyID("new").generate();
    RSASSASigner forger = new RSASSASigner(new RSAKeyGenerator(2048).generate());
    try (Publisher publisher = new Publisher(old)) {
      TokenDecoder decoder = new TokenDecoder(settings(publisher.uri(), null), CLOCK);
      ThrowingCallable forge =
          () -> decoder.decode(token(UUID.randomUUID().toString(), JWSAlgorithm.RS256, forger));
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(forge).isInstanceOfAny(BadJwtException.class, Refusal.class);
      }

      // when
      publisher.publish(old, renewed);

      // then
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> {
            assertThatThrownBy(forge).isInstanceOfAny(BadJwtException.class, Refusal.class);
            assertThat(decoder.decode(token("old", JWSAlgorithm.RS256, new RSASSASigner(old))))
                .isNotNull();
            assertThatCode(() ->
                    decoder.decode(token("new", JWSAlgorithm.RS256, new RSASSASigner(renewed))))
                .doesNotThrowAnyException();
          });
      assertThat(publisher.asked()).isLessThan(8);
      assertThat(output).doesNotContain("access.keys-unavailable");
    }
  }

  /** An issuer's address with its public keys. */
  private static final class Publisher implements AutoCloseable {

    private final HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile byte[] keys;

    Publisher(JWK... first) throws IOException {
      publish(first);
      server.createContext(
          "/keys",
          exchange -> {
            asked.incrementAndGet();
            byte[] now = keys;
            exchange.sendResponseHeaders(200, now.length);
            exchange.getResponseBody().write(now);
            exchange.close();
          });
      server.start();
    }

    void publish(JWK... all) {
      keys = new JWKSet(List.of(all)).toString(true).getBytes(StandardCharsets.UTF_8);
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
    }

    int asked() {
      return asked.get();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @Test
  void refusesAnAlgorithmOfAnotherKindThanTheOneKey() throws Exception {
    // given
    ECKey ec = new ECKeyGenerator(Curve.P_256).generate();
    TokenDecoder ofEc = new TokenDecoder(settings(null, pem(ec.toECPublicKey())), CLOCK);
    TokenDecoder ofRsa = new TokenDecoder(settings(null, new DemoIssuer().publicKey()), CLOCK);
    String token = token("any", JWSAlgorithm.ES256, new ECDSASigner(ec));

    // when, then
    assertThat(ofEc.decode(token).getAudience()).containsExactly("a");
    assertThatThrownBy(() -> ofRsa.decode(token)).isInstanceOf(BadJwtException.class);
  }

  @Test
  void refusesATokenThatHasExpiredSinceItWasVerified() {
    // given
    SteeredClock clock = new SteeredClock();
    DemoIssuer issuer = new DemoIssuer();
    TokenDecoder decoder = new TokenDecoder(settings(null, issuer.publicKey()), clock);
    String token =
        issuer.token(
            Map.of(
                "iss",
                "i",
                "aud",
                "a",
                "sub",
                "s",
                "exp",
                Date.from(clock.instant().plusSeconds(60))));
    Jwt first = decoder.decode(token);

    // when
    Jwt again = decoder.decode(token);
    clock.advance(Duration.ofSeconds(91));

    // then
    assertThat(again.getClaims()).isEqualTo(first.getClaims());
    assertThat(again.getTokenValue()).doesNotContain(token);
    assertThatThrownBy(() -> decoder.decode(token)).isInstanceOf(BadJwtException.class);
  }

  @Test
  void aGoodSignatureServesItsOwnTokenOnly() {
    // given
    DemoIssuer issuer = new DemoIssuer();
    TokenDecoder decoder = new TokenDecoder(settings(null, issuer.publicKey()), CLOCK);
    String token =
        issuer.token(Map.of("iss", "i", "aud", "a", "exp", Date.from(NOW.plusSeconds(60))));
    decoder.decode(token);

    // when, then
    assertThatThrownBy(() -> decoder.decode(token.substring(0, token.length() - 6) + "AAAAAA"))
        .isInstanceOf(BadJwtException.class);
  }

  @Test
  void saysThatTheKeysAreMissingAndNotThatTheTokenIsBad() throws Exception {
    // given
    TokenDecoder decoder =
        new TokenDecoder(settings(URI.create("http://127.0.0.1:1/keys"), null), CLOCK);
    String token = new DemoIssuer().token(Map.of("iss", "i"));

    // when, then
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> decoder.decode(token))
          .isInstanceOfSatisfying(
              Refusal.class,
              e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.KEYS_UNAVAILABLE));
    }
  }

  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void anIssuerThatSaysNothingHoldsNobodyUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      // given
      URI keys = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/keys");
      TokenDecoder decoder = new TokenDecoder(settings(keys, null), CLOCK);
      String token = new DemoIssuer().token(Map.of("iss", "i"));

      // when, then
      assertThatThrownBy(() -> decoder.decode(token))
          .isInstanceOfSatisfying(
              Refusal.class,
              e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.KEYS_UNAVAILABLE));
    }
  }

  @Test
  void refusesKeysThatAreTooWeakOrNoKeys() throws Exception {
    // given
    Resource weak = pem(new RSAKeyGenerator(1024, true).generate().toRSAPublicKey());
    Resource otherCurve = pem(new ECKeyGenerator(Curve.P_384).generate().toECPublicKey());
    Resource garbage = new ByteArrayResource("garbage".getBytes(StandardCharsets.UTF_8));

    // when, then
    assertThatThrownBy(() -> PublicKeyFile.read(weak))
        .isInstanceOf(InvalidFile.class)
        .hasMessageContaining("2048");
    assertThatThrownBy(() -> PublicKeyFile.read(otherCurve))
        .isInstanceOf(InvalidFile.class)
        .hasMessageContaining("P-256");
    assertThatThrownBy(() -> PublicKeyFile.read(garbage))
        .isInstanceOf(InvalidFile.class)
        .hasMessageContaining("BEGIN PUBLIC KEY");
  }

  @ParameterizedTest
  @CsvSource({
    "issuer= , set samflode.access.token.issuer",
    "audience= , set samflode.access.token.audience",
    "x=y, set exactly one of",
    "jwks-uri=http://example.se/keys, must be an https URL",
    "jwks-uri=file:/keys, must be an https URL",
    "jwks-uri=keys, must be an https URL",
  })
  void stopsTheStartAtABadSetting(String setting, String problem) {
    String key = setting.contains("jwks") || setting.startsWith("x") ? "x" : "jwks-uri";
    context
        .withPropertyValues(PREFIX + key + "=https://example.se/keys", PREFIX + setting)
        .run(started -> assertThat(started).getFailure().rootCause().hasMessageContaining(problem));
  }

  @Test
  void takesGoodSettings() {
    context
        .withPropertyValues(PREFIX + "jwks-uri=https://example.se/keys")
        .run(started ->
            assertThat(started.getBean(TokenSettings.class))
                .isEqualTo(settings(URI.create("https://example.se/keys"), null)));
  }

  @Test
  void allowsNoOriginUnlessToldTo() {
    context
        .withPropertyValues(PREFIX + "jwks-uri=https://example.se/keys")
        .run(started ->
            assertThat(started.getBean(OriginSettings.class).allowedOrigins()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "https://*.example.se", "www.example.se", "https://a.se/path"})
  void refusesWhatIsNoOrigin(String origin) {
    assertThatThrownBy(() -> new OriginSettings(List.of(origin)))
        .hasMessageContaining("samflode.access.allowed-origins");
  }

  @EnableConfigurationProperties({TokenSettings.class, OriginSettings.class})
  static class Settings {}

  private static TokenSettings settings(@Nullable URI jwks, @Nullable Resource key) {
    return new TokenSettings("i", "a", jwks, key);
  }

  private static String token(String kid, JWSAlgorithm algorithm, JWSSigner signer)
      throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(algorithm).keyID(kid).build(),
            new JWTClaimsSet.Builder()
                .issuer("i")
                .audience("a")
                .expirationTime(Date.from(NOW.plusSeconds(60)))
                .build());
    token.sign(signer);
    return token.serialize();
  }

  private static Resource pem(PublicKey key) {
    return new ByteArrayResource(
        ("-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n")
            .getBytes(StandardCharsets.US_ASCII));
  }
}
