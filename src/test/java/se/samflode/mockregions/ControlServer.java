package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The control API of the mock regions, on loopback. Errors are JSON with the one key {@code error},
 * which says what to do. Thread-safe.
 */
final class ControlServer implements AutoCloseable {

  private static final int LARGEST_BODY = 1_000;
  private static final String EXAMPLE = "send for example {\"delayMs\":0,\"fault\":null}";
  private static final Set<String> KEYS = Set.of("delayMs", "fault");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final MockRegions regions;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param port 0 for any free one
   */
  ControlServer(MockRegions regions, int port) {
    this.regions = regions;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new IllegalStateException("port " + port + " is taken; free it and start again", e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private record Reply(int status, @Nullable Object body) {

    static Reply error(int status, String text) {
      return new Reply(status, Map.of("error", text));
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply = reply(exchange);
      byte[] body = reply.body() == null ? new byte[0] : JSON.writeValueAsBytes(reply.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Reply reply(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    List<String> path = List.of(exchange.getRequestURI().getPath().substring(1).split("/", -1));
    if (path.equals(List.of("__mock", "calls"))) {
      return switch (method) {
        case "GET" -> new Reply(200, regions.calls());
        case "DELETE" -> {
          regions.clearCalls();
          yield new Reply(204, null);
        }
        default -> notAllowed(exchange, "GET, DELETE");
      };
    }
    if ((path.size() == 4 || path.size() == 5)
        && path.subList(0, 2).equals(List.of("__mock", "regions"))
        && path.getLast().equals("behaviour")) {
      return behaviour(exchange, method, path.get(2), path.size() == 5 ? path.get(3) : null);
    }
    return Reply.error(
        404,
        "unknown path; there are /__mock/calls, /__mock/regions/{region}/behaviour and"
            + " /__mock/regions/{region}/{system}/behaviour");
  }

  private Reply behaviour(
      HttpExchange exchange, String method, String region, @Nullable String system)
      throws IOException {
    if (!regions.regions().contains(region)) {
      return Reply.error(
          404, "unknown region; it must be one of " + String.join(", ", regions.regions()));
    }
    return switch (method) {
      case "PUT" -> {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        yield body.length > LARGEST_BODY
            ? Reply.error(413, "the body is larger than " + LARGEST_BODY + " bytes; " + EXAMPLE)
            : told(() -> tell(region, system, parse(body)));
      }
      case "DELETE" -> told(() -> tell(region, system, null));
      default -> notAllowed(exchange, "PUT, DELETE");
    };
  }

  private void tell(String region, @Nullable String system, @Nullable Behaviour behaviour) {
    if (system != null) {
      regions.setBehaviour(region, system, behaviour);
    } else if (behaviour != null) {
      regions.setBehaviour(region, behaviour);
    } else {
      regions.restore(region);
    }
  }

  private static Reply told(Runnable telling) {
    try {
      telling.run();
      return new Reply(204, null);
    } catch (IllegalArgumentException e) {
      return Reply.error(400, String.valueOf(e.getMessage()));
    }
  }

  private static Reply notAllowed(HttpExchange exchange, String allowed) {
    exchange.getResponseHeaders().set("Allow", allowed);
    return Reply.error(405, "method not allowed here; use one of " + allowed);
  }

  private static Behaviour parse(byte[] body) {
    JsonNode json;
    try {
      json = JSON.readTree(new String(body, UTF_8));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the body is not JSON; " + EXAMPLE, e);
    }
    if (!json.isObject() || !KEYS.containsAll(json.propertyNames())) {
      throw new IllegalArgumentException("the body has the keys delayMs and fault; " + EXAMPLE);
    }
    JsonNode delay = json.path("delayMs");
    if (!delay.isMissingNode() && !(delay.isIntegralNumber() && delay.canConvertToLong())) {
      throw new IllegalArgumentException(
          "delayMs is a whole number from 0 to " + Behaviour.LONGEST_DELAY_MS);
    }
    JsonNode fault = json.path("fault");
    if (!fault.isMissingNode() && !fault.isNull() && !fault.isString()) {
      throw new IllegalArgumentException("fault is null or one of " + Fault.ids());
    }
    return new Behaviour(
        delay.isMissingNode() ? 0 : delay.asLong(),
        fault.isString()
            ? Fault.of(fault.asString())
                .orElseThrow(
                    () -> new IllegalArgumentException("unknown fault; use one of " + Fault.ids()))
            : null);
  }
}
