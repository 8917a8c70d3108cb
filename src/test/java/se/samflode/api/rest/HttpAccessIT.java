package se.samflode.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import se.samflode.demo.DemoIssuer;
import se.samflode.readmodel.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    classes = ApiSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "management.endpoint.health.validate-group-membership=false",
      "samflode.consumers=classpath:access/consumers.yaml",
      "samflode.access.allowed-origins=https://www.example.se"
    })
@ExtendWith(OutputCaptureExtension.class)
class HttpAccessIT {

  private static final String PNR_CLAIM = "https://id.oidc.se/claim/personalIdentityNumber";
  private static final String SNR_CLAIM = "https://id.oidc.se/claim/coordinationNumber";
  private static final String STUB = "/api/v1/bookings";
  private static final DemoIssuer ISSUER = ApiSlice.ISSUER;
  private static final DemoIssuer STRANGER = new DemoIssuer();
  private static final Clock CLOCK = Clock.systemUTC();
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final int managementPort;

  HttpAccessIT(
      @Value("${local.server.port}") int port,
      @Value("${local.management.port}") int managementPort) {
    this.port = port;
    this.managementPort = managementPort;
  }

  @DynamicPropertySource
  static void issuer(DynamicPropertyRegistry registry) {
    ISSUER.properties().forEach((name, value) -> registry.add(name, () -> value));
  }

  @Test
  void letsAResidentInWithEitherKindOfIdentity() throws Exception {
    for (String identity : List.of(ApiSlice.PERSONNUMMER, ApiSlice.SAMORDNINGSNUMMER)) {
      // given
      String token = ISSUER.token(ISSUER.claims(identity, CLOCK));

      // when
      HttpResponse<String> answer = get(STUB, token);

      // then
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(JSON.readTree(answer.body()))
          .isEqualTo(
              JSON.valueToTree(Map.of("resident", identity, "consumer", "SE5565594230-1177")));
      assertThat(answer.headers().allValues("cache-control")).containsExactly("no-store");
      assertThat(answer.headers().allValues("set-cookie")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "BOOKINGS", mode = EnumSource.Mode.EXCLUDE)
  void asksForTheScopeOfEachKind(Kind kind) throws Exception {
    // given
    String other = ISSUER.token(changed(c -> c.put("scope", "bookings.read openid")));
    String own = ISSUER.token(changed(c -> c.put("scope", "openid " + kind.path() + ".read")));

    // when, then: where the scope is right, nothing is found, since this slice serves bookings only
    assertProblem(get("/api/v1/" + kind.path(), other), Problem.FORBIDDEN);
    assertProblem(get("/api/v1/" + kind.path(), own), Problem.NOT_FOUND);
    assertProblem(get(STUB, own), Problem.FORBIDDEN);
  }

  static Stream<Arguments> goodVariants() {
    return Stream.of(
        variant(
            "azp names the client",
            c -> {
              c.remove("client_id");
              c.put("azp", "demo-1177");
            }),
        variant(
            "scp is a list",
            c -> {
              c.remove("scope");
              c.put("scp", List.of("a", "bookings.read"));
            }),
        variant(
            "scp is a text",
            c -> {
              c.remove("scope");
              c.put("scp", "bookings.read");
            }),
        variant("one audience of several", c -> c.put("aud", List.of("other", "samflode-demo"))),
        variant(
            "expired within the clock skew",
            c -> {
              c.remove("iat");
              c.put("exp", in(-10));
            }),
        variant("no iat", c -> c.remove("iat")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goodVariants")
  void takesTheVariantsOfAGoodToken(String what, Consumer<Map<String, Object>> change)
      throws Exception {
    // when
    HttpResponse<String> answer = get(STUB, ISSUER.token(changed(change)));

    // then
    assertThat(answer.statusCode()).as(what).isEqualTo(200);
  }

  static Stream<Arguments> badClaims() {
    return Stream.of(
        claims("another issuer", Problem.UNAUTHORIZED, c -> c.put("iss", "https://other.invalid")),
        claims("no issuer", Problem.UNAUTHORIZED, c -> c.remove("iss")),
        claims("another audience", Problem.UNAUTHORIZED, c -> c.put("aud", "other")),
        claims("no audience", Problem.UNAUTHORIZED, c -> c.remove("aud")),
        claims("expired", Problem.UNAUTHORIZED, c -> c.put("exp", in(-60))),
        claims("no exp", Problem.UNAUTHORIZED, c -> c.remove("exp")),
        claims("not valid yet", Problem.UNAUTHORIZED, c -> c.put("nbf", in(60))),
        claims("too long", Problem.UNAUTHORIZED, c -> c.put("more", "x".repeat(8_192))),
        claims("unknown client", Problem.UNAUTHORIZED, c -> c.put("client_id", "other")),
        claims("client in other case", Problem.UNAUTHORIZED, c -> c.put("client_id", "DEMO-1177")),
        claims("client is a number", Problem.UNAUTHORIZED, c -> c.put("client_id", 7)),
        claims("no client", Problem.UNAUTHORIZED, c -> c.remove("client_id")),
        claims(
            "azp does not heal client_id",
            Problem.UNAUTHORIZED,
            c -> {
              c.put("client_id", "other");
              c.put("azp", "demo-1177");
            }),
        claims("no scope", Problem.FORBIDDEN, c -> c.remove("scope")),
        claims("another scope", Problem.FORBIDDEN, c -> c.put("scope", "openid bookings.read2")),
        claims("scope in other case", Problem.FORBIDDEN, c -> c.put("scope", "Bookings.Read")),
        claims("scope is a number", Problem.FORBIDDEN, c -> c.put("scope", 7)),
        claims("no identity", Problem.INVALID_IDENTITY, c -> c.remove(PNR_CLAIM)),
        claims(
            "two identities",
            Problem.INVALID_IDENTITY,
            c -> c.put(SNR_CLAIM, ApiSlice.SAMORDNINGSNUMMER)),
        claims(
            "the same twice",
            Problem.INVALID_IDENTITY,
            c -> c.put(SNR_CLAIM, ApiSlice.PERSONNUMMER)),
        claims(
            "samordningsnummer as personnummer",
            Problem.INVALID_IDENTITY,
            c -> c.put(PNR_CLAIM, ApiSlice.SAMORDNINGSNUMMER)),
        claims(
            "personnummer as samordningsnummer",
            Problem.INVALID_IDENTITY,
            c -> {
              c.remove(PNR_CLAIM);
              c.put(SNR_CLAIM, ApiSlice.PERSONNUMMER);
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badClaims")
  void refusesATokenWithBadClaims(
      String what, Problem problem, Consumer<Map<String, Object>> change, CapturedOutput output)
      throws Exception {
    // given
    String token = ISSUER.token(changed(change));

    // when
    HttpResponse<String> answer = get(STUB, token);

    // then
    assertProblem(answer, problem);
    assertNoLeak(answer, output, token);
  }

  static Stream<Arguments> badIdentities() {
    String good = ApiSlice.PERSONNUMMER;
    return Stream.of(
        Arguments.of("space as separator", good.substring(0, 8) + " " + good.substring(8)),
        Arguments.of("no-break space", good.substring(0, 8) + "\u00a0" + good.substring(8)),
        Arguments.of("en dash", good.substring(0, 8) + "\u2013" + good.substring(8)),
        Arguments.of("birth number 000", "201509160006"),
        Arguments.of("organisation number", "857209-0606"),
        Arguments.of("another organisation number", "802005-1952"),
        Arguments.of("wrong check digit", good.substring(0, 11) + "1"),
        Arguments.of("wrong check digit of a raised day", "197210869924"),
        Arguments.of("interim number", "20000101T220"),
        Arguments.of("letter that is no interim", "20000101A220"),
        Arguments.of("national reserve number", "98240301AA06"),
        Arguments.of("regional reserve number", "20210325K069"),
        Arguments.of("another regional reserve number", "991981000010"),
        Arguments.of("reserve number of digits", "221982000010"),
        Arguments.of("day that does not exist", "195002302389"),
        Arguments.of("full-width digits", good.replace("1", "\uff11")),
        Arguments.of("trailing newline", good + "\n"),
        Arguments.of("country prefix", "SE" + good),
        Arguments.of("spreadsheet", "1.95E+11"),
        Arguments.of("empty", ""),
        Arguments.of("a number, no text", 195002192382L),
        Arguments.of("a list", List.of(good)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badIdentities")
  void refusesABadIdentity(String what, Object identity, CapturedOutput output) throws Exception {
    // given
    String token = ISSUER.token(changed(claims -> claims.put(PNR_CLAIM, identity)));

    // when
    HttpResponse<String> answer = get(STUB, token);

    // then
    assertProblem(answer, Problem.INVALID_IDENTITY);
    assertNoLeak(answer, output, token);
    if (identity instanceof String text && !text.isEmpty()) {
      assertThat(answer.body() + output).doesNotContain(text);
    }
  }

  static Stream<Arguments> forgeries() throws JOSEException {
    JWTClaimsSet good = claimsSet(changed(c -> {}));
    SignedJWT withTheKeyAsSecret = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), good);
    withTheKeyAsSecret.sign(new MACSigner(ISSUER.key().toRSAPublicKey().getEncoded()));
    SignedJWT rs512 = signed(new JWSHeader(JWSAlgorithm.RS512), good);
    SignedJWT otherType =
        signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256).type(new JOSEObjectType("dpop+jwt")).build(),
            good);
    String token = ISSUER.token(good.getClaims());
    return Stream.of(
        Arguments.of("missing", null),
        Arguments.of("empty", ""),
        Arguments.of("garbage", "garbage"),
        Arguments.of("three parts of garbage", "a.b.c"),
        Arguments.of("not of token characters", "\u00a7\u00a7"),
        Arguments.of("unsigned", new PlainJWT(good).serialize()),
        Arguments.of("signature cut off", token.substring(0, token.lastIndexOf('.') + 1)),
        Arguments.of("key of another", STRANGER.token(good.getClaims())),
        Arguments.of("public key as secret", withTheKeyAsSecret.serialize()),
        Arguments.of("algorithm that is not taken", rs512.serialize()),
        Arguments.of("another type of token", otherType.serialize()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void refusesWhatIsNoTokenOfTheIssuer(String what, @Nullable String token, CapturedOutput output)
      throws Exception {
    // when
    HttpResponse<String> answer = get(STUB, token);

    // then
    assertProblem(answer, Problem.UNAUTHORIZED);
    assertNoLeak(answer, output, token == null ? "x".repeat(50) : token);
  }

  @Test
  void takesATokenOnlyFromItsHeader() throws Exception {
    // given
    String token = ISSUER.token(changed(c -> {}));

    // when, then
    assertProblem(get(STUB + "?access_token=" + token, null), Problem.UNAUTHORIZED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/index.html",
        "/login",
        "/error",
        "/actuator",
        "/actuator/health",
        "/actuator/prometheus",
        "/api",
        "/rivtax",
        "/.well-known/oauth-protected-resource"
      })
  void servesNothingElseOnTheApplicationPort(String path) throws Exception {
    // given
    String token = ISSUER.token(changed(c -> {}));

    // when, then
    for (String sent : Stream.of("", token).toList()) {
      HttpResponse<String> answer = get(path, sent.isEmpty() ? null : sent);
      assertThat(problem(answer)).isIn(Problem.NOT_FOUND, Problem.UNAUTHORIZED);
      if (!path.equals("/api")) {
        assertProblem(answer, Problem.NOT_FOUND);
      }
    }
  }

  @Test
  void hidesUnknownPathsOfTheApiFromWhoHasNoToken() throws Exception {
    // when, then
    assertProblem(get("/api/v1/none", null), Problem.UNAUTHORIZED);
    assertProblem(get("/api/v1/none", ISSUER.token(changed(c -> {}))), Problem.NOT_FOUND);
  }

  @Test
  void leavesTheSoapSideToItsOwnCheckOfThePeer() throws Exception {
    // when, then
    assertThat(get("/rivta/stub", null).body()).isEqualTo("open");
    assertThat(get("/rivta/stub", "no token of ours").body()).isEqualTo("open");
  }

  @Test
  void servesHealthAndMetricsOnTheManagementPortAndNothingElse() throws Exception {
    // when, then
    assertThat(management("/actuator/health").statusCode()).isEqualTo(200);
    assertThat(management("/actuator/prometheus").statusCode()).isEqualTo(200);
    for (String path :
        List.of("/actuator", "/actuator/env", "/actuator/beans", "/actuator/loggers", "/", STUB)) {
      assertThat(management(path).statusCode()).as(path).isIn(401, 404);
    }
    assertThat(management("/rivta/stub").statusCode()).isEqualTo(404);
    assertThat(management("/demo/residents").statusCode()).isEqualTo(404);
  }

  @Test
  void answersAConfiguredOriginAndRefusesOthers() throws Exception {
    // given
    String token = ISSUER.token(changed(c -> {}));

    // when
    HttpResponse<String> asked =
        send(request(STUB, token).header("Origin", "https://www.example.se").GET());
    HttpResponse<String> other =
        send(request(STUB, token).header("Origin", "https://www.example.com").GET());
    HttpResponse<String> before = preflight("https://www.example.se", "GET");

    // then
    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.headers().firstValue("access-control-allow-origin"))
        .contains("https://www.example.se");
    assertThat(asked.headers().firstValue("access-control-expose-headers").orElseThrow())
        .contains("X-Correlation-Id");
    assertThat(asked.headers().firstValue("access-control-allow-credentials")).isEmpty();
    assertThat(problem(other)).isEqualTo(Problem.ORIGIN_NOT_ALLOWED);
    assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
    assertThat(before.statusCode()).isEqualTo(200);
    assertThat(before.headers().firstValue("access-control-allow-headers").orElseThrow())
        .containsIgnoringCase("authorization");
    assertThat(problem(preflight("https://www.example.com", "GET")))
        .isEqualTo(Problem.ORIGIN_NOT_ALLOWED);
    assertThat(problem(preflight("https://www.example.se", "DELETE")))
        .isEqualTo(Problem.ORIGIN_NOT_ALLOWED);
  }

  @Test
  void answersMistakesInTheRequestWithProblemsThatRepeatNothing(CapturedOutput output)
      throws Exception {
    // given
    String token = ISSUER.token(changed(c -> {}));

    // when
    HttpResponse<String> notANumber = get(STUB + "/number?number=canary7", token);
    HttpResponse<String> broken = get(STUB + "/broken", token);
    HttpResponse<String> method =
        send(request(STUB, token).POST(HttpRequest.BodyPublishers.noBody()));
    HttpResponse<String> media = send(request(STUB, token).header("Accept", "text/csv").GET());
    HttpResponse<String> html =
        send(request(STUB + "/canary7", token).header("Accept", "text/html").GET());

    // then
    assertProblem(notANumber, Problem.INVALID_PARAMETER);
    assertProblem(broken, Problem.INTERNAL);
    assertProblem(method, Problem.METHOD_NOT_ALLOWED);
    assertThat(method.headers().firstValue("allow")).contains("GET");
    assertProblem(media, Problem.NOT_ACCEPTABLE);
    assertProblem(html, Problem.NOT_FOUND);
    assertThat(notANumber.body() + broken.body() + output)
        .doesNotContain("canary7", ApiSlice.PERSONNUMMER);
    assertThat(output).contains("a request ended with an error of ours");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/<canary> HTTP/1.1",
        "GET /api/v1/%zz HTTP/1.1",
        "GET /api/v1/bookings;canary=1 HTTP/1.1",
        "GET /api//v1/stub HTTP/1.1",
        "GET /api/%2e%2e/canary HTTP/1.1",
        "GET /api/v1/%00 HTTP/1.1",
        "CANARY /api/v1/bookings HTTP/1.1",
        "GET /api/v1/bookings HTTP/9.9"
      })
  void neverShowsAPageOfTheContainer(String requestLine, CapturedOutput output) throws IOException {
    // when
    String answer = raw(requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    // then
    assertThat(answer).matches("(?s)HTTP/1\\.1 [45]\\d\\d.*");
    assertThat(answer).doesNotContainIgnoringCase("tomcat", "<html", "exception", "canary", "at ");
    assertThat(output).doesNotContainIgnoringCase("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "DELETE"})
  void readsNoFormOfWhoMayNotSendOne(String method, CapturedOutput output) throws IOException {
    // when
    String answer =
        raw(
            method
                + " /api/v1/bookings HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: 10\r\n\r\ncanary=%zz");

    // then
    assertThat(answer).startsWith("HTTP/1.1 401 ");
    assertThat(output).doesNotContain("canary", "FormContentFilter");
  }

  @Test
  void saysNothingAboutItselfWhenHeadersAreTooLarge() throws IOException {
    // when
    String answer =
        raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(30_000) + "\r\n\r\n");

    // then
    assertThat(answer).matches("(?s)HTTP/1\\.1 4\\d\\d.*");
    assertThat(answer).doesNotContainIgnoringCase("tomcat", "<html", "exception");
  }

  @Test
  void handsOutADemoTokenThatTheApiTakes() throws Exception {
    for (String identity : List.of(ApiSlice.PERSONNUMMER, ApiSlice.SAMORDNINGSNUMMER)) {
      // when
      HttpResponse<String> answer = demoToken("{\"personalIdentityNumber\":\"" + identity + "\"}");

      // then
      String token = JSON.readTree(answer.body()).path("access_token").asString();
      assertThat(get(STUB, token).body()).contains(identity);
    }
  }

  @Test
  void refusesADemoTokenForStrangersAndBadInput() throws Exception {
    // when, then
    assertThat(problem(demoToken("{\"personalIdentityNumber\":\"195303282387\"}")))
        .isEqualTo(Problem.NOT_FOUND);
    for (String body :
        List.of(
            "{\"personalIdentityNumber\":\"195303282388\"}",
            "{\"personalIdentityNumber\":null}",
            "{}",
            "[",
            "")) {
      assertThat(problem(demoToken(body))).as(body).isEqualTo(Problem.INVALID_PARAMETER);
    }
  }

  @Test
  void listsTheDemoResidents() throws Exception {
    // when
    JsonNode residents = JSON.readTree(get("/demo/residents", null).body());

    // then
    assertThat(residents.size()).isEqualTo(2);
    assertThat(residents.get(0).propertyNames())
        .containsExactlyInAnyOrder("personalIdentityNumber", "shows");
  }

  private HttpResponse<String> demoToken(String body) throws Exception {
    return send(
        request("/demo/token", null)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> preflight(String origin, String method) throws Exception {
    return send(
        request(STUB, null)
            .header("Origin", origin)
            .header("Access-Control-Request-Method", method)
            .header("Access-Control-Request-Headers", "authorization")
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
  }

  private HttpResponse<String> get(String path, @Nullable String token) throws Exception {
    return send(request(path, token).GET());
  }

  private HttpResponse<String> management(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create("http://localhost:" + managementPort + path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path, @Nullable String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static void assertProblem(HttpResponse<String> answer, Problem problem) {
    assertThat(problem(answer)).isEqualTo(problem);
    assertThat(answer.statusCode()).isEqualTo(problem.status().value());
    assertThat(answer.headers().allValues("cache-control")).containsExactly("no-store");
    assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(answer.headers().allValues("www-authenticate"))
        .isEqualTo(problem.status().value() == 401 ? List.of("Bearer") : List.of());
  }

  private static Problem problem(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("content-type"))
        .as(answer.body())
        .contains("application/problem+json");
    JsonNode body = JSON.readTree(answer.body());
    Problem found =
        Stream.of(Problem.values())
            .filter(problem -> problem.type().equals(body.path("type").asString()))
            .findFirst()
            .orElseThrow();
    assertThat(body.path("status").asInt()).isEqualTo(answer.statusCode());
    return found;
  }

  private static void assertNoLeak(
      HttpResponse<String> answer, CapturedOutput output, String token) {
    String seen = answer.body() + answer.headers().map() + output;
    assertThat(seen).doesNotContain(ApiSlice.PERSONNUMMER, ApiSlice.SAMORDNINGSNUMMER);
    if (token.length() > 10) {
      assertThat(seen).doesNotContain(token.substring(0, 10));
    }
  }

  private static Map<String, Object> changed(Consumer<Map<String, Object>> change) {
    Map<String, Object> claims = new HashMap<>(ISSUER.claims(ApiSlice.PERSONNUMMER, CLOCK));
    change.accept(claims);
    return claims;
  }

  private static JWTClaimsSet claimsSet(Map<String, Object> claims) {
    JWTClaimsSet.Builder set = new JWTClaimsSet.Builder();
    claims.forEach(set::claim);
    return set.build();
  }

  private static SignedJWT signed(JWSHeader header, JWTClaimsSet claims) throws JOSEException {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(new RSASSASigner(ISSUER.key()));
    return token;
  }

  private static Date in(int seconds) {
    return Date.from(Instant.now(CLOCK).plusSeconds(seconds));
  }

  private static Arguments variant(String what, Consumer<Map<String, Object>> change) {
    return Arguments.of(what, change);
  }

  private static Arguments claims(
      String what, Problem problem, Consumer<Map<String, Object>> change) {
    return Arguments.of(what, problem, change);
  }
}
