package se.samflode.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.SslBundles;
import se.samflode.demo.DemoSystem;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementTransaction;
import se.samflode.index.IndexWriter;
import se.samflode.testing.TlsStores;

/** A producer behind https that asks for our client certificate. */
class ProducerTlsIT {

  /** Of the published test series. */
  private static final String RESIDENT = "195002192382";

  private static final String GOOD = "SE2321000016-TLS1";
  private static final String UNTRUSTED = "SE2321000016-TLS2";

  private static final String ANSWER =
      """
      <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>\
      <GetSubjectOfCareScheduleResponse \
      xmlns="urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1"/>\
      </s:Body></s:Envelope>\
      """;

  @TempDir private static Path stores;

  private static final List<String> CLIENTS = new CopyOnWriteArrayList<>();
  private static DemoSystem system;
  private static HttpsServer region;

  @BeforeAll
  static void start() throws Exception {
    TlsStores made = TlsStores.make(stores);
    Map<String, Object> settings = new HashMap<>();
    settings.putAll(made.bundle("ours", "client.p12", "trusts-server.p12"));
    settings.putAll(made.bundle("astray", "client.p12", "trusts-client.p12"));
    settings.putAll(made.bundle("region", "server.p12", "trusts-client.p12"));
    system =
        DemoSystem.start(new DemoSystem.Settings(1, LocalDate.of(2027, 1, 15), false), settings);
    region = serve();
    register();
    system
        .application()
        .getBean(IndexWriter.class)
        .update(List.of(engagement(GOOD), engagement(UNTRUSTED)));
  }

  @AfterAll
  static void stop() {
    region.stop(0);
    system.close();
  }

  @Test
  void showsOurCertificateToThoseWeTrustAndSendsNothingToOthers() {
    await()
        .untilAsserted(() -> {
          // when
          String answer = ask();

          // then
          assertThat(answer)
              .contains("\"logicalAddress\":\"" + GOOD + "\"")
              .containsPattern("\"tls-good\"[^}]*\"outcome\":\"LIVE\"")
              .containsPattern("\"tls-astray\"[^}]*\"outcome\":\"FAILED\",\"reason\":\"refused\"");
          assertThat(CLIENTS).isNotEmpty().allMatch("CN=samflode"::equals);
        });
  }

  private static String ask() throws IOException, InterruptedException {
    String token = system.issuer().token(system.issuer().claims(RESIDENT, InstantSource.system()));
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:" + system.port() + "/api/v1/bookings"))
                  .header("Authorization", "Bearer " + token)
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static void register() throws IOException {
    String entry =
        """

          - id: %s
            region: stockholm
            name: A booking system behind TLS
            url: https://localhost:%d/
            dialect: rivtabp21
            addresses: [%s]
            contracts: [GetSubjectOfCareSchedule 1]
            sslBundle: %s
        """;
    int port = region.getAddress().getPort();
    Files.writeString(
        system.registry(),
        Files.readString(system.registry())
            + entry.formatted("tls-good", port, GOOD, "ours")
            + entry.formatted("tls-astray", port, UNTRUSTED, "astray"));
  }

  private static EngagementTransaction engagement(String address) {
    return new EngagementTransaction(
        false,
        new Engagement(
            RESIDENT,
            "riv:crm:scheduling",
            "Booking",
            address,
            "T1",
            "NA",
            "20270201090000",
            address,
            null,
            null,
            "SE2321000016",
            DemoSystem.INDEX));
  }

  private static HttpsServer serve() throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setHttpsConfigurator(
        new HttpsConfigurator(
            system.application().getBean(SslBundles.class).getBundle("region").createSslContext()) {
          @Override
          public void configure(HttpsParameters parameters) {
            javax.net.ssl.SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext("/", ProducerTlsIT::answer);
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    CLIENTS.add(((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName());
    exchange.getRequestBody().readAllBytes();
    byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/xml;charset=UTF-8");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
