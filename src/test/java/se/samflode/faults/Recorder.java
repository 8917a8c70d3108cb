package se.samflode.faults;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.samflode.faults.Ledger.Told;

/**
 * A subscriber in a process that is not killed: it takes every notification and keeps what came.
 */
final class Recorder implements AutoCloseable {

  static final String ADDRESS = "SE2321000255-SUB1";

  private static final Pattern TRANSACTION =
      Pattern.compile(
          "deleteFlag>(true|false)<.*?businessObjectInstanceIdentifier>([^<]*)<"
              + ".*?mostRecentContent>([^<]*)<",
          Pattern.DOTALL);

  private static final byte[] TAKEN =
      """
      <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\
      <ProcessNotificationResponse \
      xmlns="urn:riv:itintegration:engagementindex:ProcessNotificationResponder:1">\
      <ResultCode>OK</ResultCode></ProcessNotificationResponse></soap:Body></soap:Envelope>\
      """
          .getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;
  private final Map<String, Set<Told>> byKey = new HashMap<>();

  Recorder() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          record(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=UTF-8");
          exchange.sendResponseHeaders(200, TAKEN.length);
          try (var body = exchange.getResponseBody()) {
            body.write(TAKEN);
          }
        });
    server.start();
  }

  private synchronized void record(String notification) {
    Matcher transaction = TRANSACTION.matcher(notification);
    while (transaction.find()) {
      byKey
          .computeIfAbsent(transaction.group(2), key -> new LinkedHashSet<>())
          .add(new Told(transaction.group(3), Boolean.parseBoolean(transaction.group(1))));
    }
  }

  /** The changes told of each key, each where it came first. */
  synchronized Map<String, List<Told>> told() {
    Map<String, List<Told>> told = new HashMap<>();
    byKey.forEach((key, changes) -> told.put(key, new ArrayList<>(changes)));
    return told;
  }

  /** The file that names this subscriber. */
  String subscribersYaml() {
    return """
    subscribers:
      - logicalAddress: %s
        url: http://127.0.0.1:%d/
    """
        .formatted(ADDRESS, server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
