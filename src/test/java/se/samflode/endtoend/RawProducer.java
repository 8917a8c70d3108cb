package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A producer that keeps what it is asked and answers whatever a test says. Thread-safe. */
final class RawProducer implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile HttpHandler answer = answer("");

  /** One request as it came; names of headers have no case. */
  record Received(String method, String path, Map<String, List<String>> headers, String body) {

    String header(String name) {
      return String.join(" + ", headers.getOrDefault(name, List.of()));
    }
  }

  RawProducer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/raw";
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  /** Forgets what came, and answers so from now on. */
  void answers(HttpHandler next) {
    received.clear();
    answer = next;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(exchange.getRequestHeaders());
    received.add(
        new Received(
            exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
    try (exchange) {
      answer.handle(exchange);
    }
  }

  /** An answer of HTTP 200 with these items. */
  static HttpHandler answer(String items) {
    return bytes("text/xml; charset=UTF-8", envelope(items).getBytes(UTF_8));
  }

  static String envelope(String items) {
    return """
    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\
    <r:GetSubjectOfCareScheduleResponse
        xmlns:r="urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1"
        xmlns:c="urn:riv:crm:scheduling:1" xmlns:e="urn:riv:crm:scheduling:1.1">%s\
    </r:GetSubjectOfCareScheduleResponse></soap:Body></soap:Envelope>\
    """
        .formatted(items);
  }

  static HttpHandler bytes(String contentType, byte[] body) {
    return status(200, contentType, body);
  }

  static HttpHandler status(int status, String contentType, byte[] body) {
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Type", contentType);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    };
  }

  /** An item with what the contract demands and what else is given. */
  static String item(String bookingId, String start, String resident, String more) {
    String from =
        start.isEmpty() ? "" : "<c:startTimeInclusive>" + start + "</c:startTimeInclusive>";
    return """
    <r:timeslotDetail>%s<c:healthcare_facility>SE5565594230-RAW1</c:healthcare_facility>\
    <c:bookingId>%s</c:bookingId><c:subject_of_care>%s</c:subject_of_care>%s</r:timeslotDetail>\
    """
        .formatted(from, bookingId, resident, more);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
