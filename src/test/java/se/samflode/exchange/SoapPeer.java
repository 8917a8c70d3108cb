package se.samflode.exchange;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** A system that is called over SOAP and answers as a test says. */
final class SoapPeer implements AutoCloseable {

  /**
   * What it was asked.
   *
   * @param client the name in the client certificate, null without one
   */
  record Request(String body, Map<String, List<String>> headers, @Nullable String client) {

    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().getFirst())
          .findFirst()
          .orElse("");
    }
  }

  /** What it answers; a status below 0 means never to answer. */
  record Answer(int status, String type, String body) {

    static Answer ok(String payload) {
      return new Answer(200, "text/xml;charset=UTF-8", envelope(payload));
    }

    static Answer result(String code) {
      return ok(
          """
          <ProcessNotificationResponse \
          xmlns="urn:riv:itintegration:engagementindex:ProcessNotificationResponder:1">\
          <ResultCode>%s</ResultCode></ProcessNotificationResponse>\
          """
              .formatted(code));
    }

    static Answer fault(String text) {
      return new Answer(
          500,
          "text/xml;charset=UTF-8",
          envelope(
              "<s:Fault><faultcode>s:Server</faultcode><faultstring>%s</faultstring></s:Fault>"
                  .formatted(text)));
    }

    static Answer silence() {
      return new Answer(-1, "", "");
    }

    private static String envelope(String payload) {
      return """
      <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s</s:Body>\
      </s:Envelope>\
      """
          .formatted(payload);
    }
  }

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Function<Request, Answer> answers = request -> Answer.result("OK");

  SoapPeer() {
    this(null);
  }

  /** One behind https that asks for a client certificate. */
  SoapPeer(@Nullable SSLContext tls) {
    try {
      server = tls == null ? HttpServer.create() : HttpsServer.create();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (tls != null) {
      ((HttpsServer) server)
          .setHttpsConfigurator(
              new HttpsConfigurator(tls) {
                @Override
                public void configure(HttpsParameters parameters) {
                  SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                  wanted.setNeedClientAuth(true);
                  parameters.setSSLParameters(wanted);
                }
              });
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return URI.create(scheme + "://localhost:" + server.getAddress().getPort() + "/peer");
  }

  void answers(Function<Request, Answer> how) {
    answers = how;
  }

  /** All that it was asked, in order of arrival. */
  List<Request> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String client =
        exchange instanceof HttpsExchange secure
            ? secure.getSSLSession().getPeerPrincipal().getName()
            : null;
    Request request = new Request(body, Map.copyOf(exchange.getRequestHeaders()), client);
    requests.add(request);
    Answer answer = answers.apply(request);
    if (answer.status() < 0) {
      awaitClose();
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.getResponseHeaders().set("Location", "http://localhost:1/");
    exchange.getResponseHeaders().set("Set-Cookie", "session=1");
    exchange.sendResponseHeaders(Math.max(answer.status(), 200), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
