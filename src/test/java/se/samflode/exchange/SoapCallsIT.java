package se.samflode.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.cxf.BusFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.ssl.SslBundles;
import se.samflode.contract.PlatformSettings;
import se.samflode.contract.Reason;
import se.samflode.exchange.SoapPeer.Answer;
import se.samflode.testing.FreePort;
import se.samflode.testing.TlsStores;

/** The packaged route of a subscriber, against peers over real HTTP. */
class SoapCallsIT {

  private static final String BODY =
      """
      <p:ProcessNotification xmlns:p="urn:riv:itintegration:engagementindex:ProcessNotificationResponder:1">\
      <p:engagementTransaction>å &amp; ö</p:engagementTransaction></p:ProcessNotification>\
      """;

  @TempDir private static Path stores;

  private static SslBundles bundles;
  private static CamelContext camel;
  private static SoapCalls calls;
  private SoapPeer peer;

  @BeforeAll
  static void startRoutes() throws Exception {
    bundles = Bundles.of(TlsStores.make(stores));
    camel = new DefaultCamelContext();
    camel.getRegistry().bind("cxf", BusFactory.getDefaultBus());
    camel.getRegistry().bind("soapClient", new SoapClient(bundles));
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(
            ResourceHelper.resolveResource(camel, "classpath:routes/notify-subscriber.camel.yaml"));
    camel.start();
    calls =
        new SoapCalls(
            camel, camel.createProducerTemplate(), new PlatformSettings("SE-SENDER", "instance"));
  }

  @AfterAll
  static void stopRoutes() throws Exception {
    camel.close();
  }

  @BeforeEach
  void startPeer() {
    peer = new SoapPeer();
  }

  @AfterEach
  void stopPeer() {
    peer.close();
  }

  @Test
  void sendsHeadersAndBodyAndReadsTheAnswer() {
    // when
    SoapResult<String> result = call(peer.url(), null);

    // then
    assertThat(result).isEqualTo(new SoapResult.Answered<>("OK"));
    assertThat(peer.requests()).hasSize(1);
    SoapPeer.Request request = peer.requests().getFirst();
    assertThat(request.body())
        .contains("urn:riv:itintegration:registry:1")
        .containsPattern("LogicalAddress[^>]*>SE2321000016-SUB1<")
        .containsPattern(
            "Body>\\s*<p:ProcessNotification [^>]*><p:engagementTransaction>å &amp; ö<");
    assertThat(request.header("x-skltp-correlation-id")).isEqualTo("correlation-1");
    assertThat(request.header("x-vp-sender-id")).isEqualTo("SE-SENDER");
    assertThat(request.header("x-vp-instance-id")).isEqualTo("instance");
    assertThat(request.header("SOAPAction"))
        .isEqualTo(
            "\"urn:riv:itintegration:engagementindex:ProcessNotificationResponder:1:ProcessNotification\"");
    assertThat(request.header("Content-Type")).startsWith("text/xml");
    assertThat(request.header("Content-Type").toUpperCase(java.util.Locale.ROOT)).contains("UTF-8");
  }

  @Test
  void sendsNothingThatMayNotBeginAnyMore() {
    // when
    SoapResult<Boolean> result =
        calls.call(
            new SoapCall(
                "notify-subscriber",
                peer.url(),
                null,
                "SE2321000016-SUB1",
                "correlation-1",
                BODY,
                () -> false),
            NotificationXml::delivered);

    // then
    assertThat(result).isEqualTo(new SoapResult.Failed<>(Reason.LIMITED));
    assertThat(peer.requests()).isEmpty();
  }

  static Stream<Arguments> failures() {
    String tooLarge = "x".repeat(SoapAnswerLimits.MAX_BYTES);
    String entity = "<!DOCTYPE a [<!ENTITY e \"OK\">]>" + Answer.result("&e;").body();
    return Stream.of(
        Arguments.of("a fault", Answer.fault("about 202312302397"), Reason.FAULT),
        Arguments.of("a fault with status 200", ok(Answer.fault("x").body()), Reason.FAULT),
        Arguments.of("an HTTP error", new Answer(503, "text/html", "<html/>"), Reason.HTTP_ERROR),
        Arguments.of(
            "a failure that is no fault", new Answer(500, "text/html", "<br>"), Reason.HTTP_ERROR),
        Arguments.of(
            "an answer with status 500",
            new Answer(500, "text/xml", Answer.result("OK").body()),
            Reason.HTTP_ERROR),
        Arguments.of("a redirect", new Answer(302, "text/html", ""), Reason.HTTP_ERROR),
        Arguments.of("accepted and no more", new Answer(202, "text/xml", ""), Reason.MALFORMED),
        Arguments.of("a web page", ok("<html/>"), Reason.MALFORMED),
        Arguments.of("nothing", ok(""), Reason.MALFORMED),
        Arguments.of("half an envelope", ok(cut(Answer.result("OK").body())), Reason.MALFORMED),
        Arguments.of("an empty body", Answer.ok(""), Reason.MALFORMED),
        Arguments.of("an entity of its own", ok(entity), Reason.MALFORMED),
        Arguments.of("another contract", Answer.ok("<a xmlns='urn:b'/>"), Reason.MALFORMED),
        Arguments.of("too much", Answer.result(tooLarge), Reason.TOO_LARGE));
  }

  private static Answer ok(String document) {
    return new Answer(200, "text/xml;charset=UTF-8", document);
  }

  private static String cut(String document) {
    return document.substring(0, document.length() / 2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void tellsWhatIsNoAnswer(String what, Answer answer, Reason reason) {
    // given
    peer.answers(request -> answer);

    // when
    SoapResult<String> result = call(peer.url(), null);

    // then
    assertThat(result).as(what).isEqualTo(new SoapResult.Failed<>(reason));
    assertThat(peer.requests()).hasSize(1);
  }

  @Test
  void endsACallToASilentPeer() {
    // given
    peer.answers(request -> Answer.silence());
    long begun = System.nanoTime();

    // when
    SoapResult<String> result = call(peer.url(), null);

    // then
    assertThat(result).isEqualTo(new SoapResult.Failed<>(Reason.TIMEOUT));
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isBetween(Duration.ofSeconds(14), Duration.ofSeconds(18));
  }

  @Test
  void endsACallThatDripsAtItsDeadline() throws IOException {
    // given
    long begun = System.nanoTime();
    try (DrippingPeer drips = new DrippingPeer()) {

      // when
      SoapResult<String> result = call(drips.url(), null);

      // then
      assertThat(result).isEqualTo(new SoapResult.Failed<>(Reason.TIMEOUT));
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(SoapCalls.LONGEST, SoapCalls.LONGEST.plusSeconds(2));
    }
  }

  @Test
  void tellsARefusedConnection() throws IOException {
    // given
    int free = FreePort.find();

    // when
    SoapResult<String> result = call(URI.create("http://localhost:" + free + "/"), null);

    // then
    assertThat(result).isEqualTo(new SoapResult.Failed<>(Reason.REFUSED));
  }

  @Test
  void showsTheCertificateOfTheCallsBundleAndSendsNothingToOthers() {
    // given
    try (SoapPeer secure = new SoapPeer(bundles.getBundle("server").createSslContext())) {

      // when
      SoapResult<String> trusted = call(secure.url(), "ours");
      SoapResult<String> astray = call(secure.url(), "astray");
      SoapResult<String> without = call(secure.url(), null);
      SoapResult<String> again = call(secure.url(), "ours");

      // then
      assertThat(trusted).isEqualTo(new SoapResult.Answered<>("OK"));
      assertThat(astray).isEqualTo(new SoapResult.Failed<>(Reason.REFUSED));
      assertThat(without).isEqualTo(new SoapResult.Failed<>(Reason.REFUSED));
      assertThat(again).isEqualTo(new SoapResult.Answered<>("OK"));
      assertThat(secure.requests()).hasSize(2).allMatch(r -> "CN=samflode".equals(r.client()));
    }
  }

  private static SoapResult<String> call(URI url, @Nullable String bundle) {
    return calls.call(
        new SoapCall("notify-subscriber", url, bundle, "SE2321000016-SUB1", "correlation-1", BODY),
        answer -> {
          answer.nextTag();
          return answer.getElementText();
        });
  }
}
