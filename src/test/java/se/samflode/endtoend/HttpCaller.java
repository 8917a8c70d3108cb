package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.demo.DemoSystem;
import se.samflode.readmodel.Kind;
import se.samflode.testing.OpenApiContract;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running system over HTTP. Thread-safe. */
final class HttpCaller {

  static final String BOOKINGS = path(Kind.BOOKINGS);

  private static final OpenApiContract CONTRACT = OpenApiContract.load();

  private final DemoSystem system;
  private final InstantSource clock;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Asks the system that all tests share. */
  HttpCaller() {
    this(RunningSystem.get(), InstantSource.system());
  }

  /** Asks a system of one's own. */
  HttpCaller(DemoSystem system) {
    this(system, InstantSource.system());
  }

  /** Asks a system of one's own that has its own clock. */
  HttpCaller(DemoSystem system, InstantSource clock) {
    this.system = system;
    this.clock = clock;
  }

  private static String path(Kind kind) {
    return "/api/v1/" + kind.path();
  }

  /** A token of the demo's front end for a resident. */
  String token(String resident) {
    return system.issuer().token(system.issuer().claims(resident, clock));
  }

  /** A request for booked times with the resident's token. */
  HttpRequest.Builder request(String resident, String query) {
    return request(Kind.BOOKINGS, resident, query);
  }

  /** A request with the resident's token. */
  HttpRequest.Builder request(Kind kind, String resident, String query) {
    return HttpRequest.newBuilder(
            URI.create("http://localhost:" + system.port() + path(kind) + query))
        .timeout(Duration.ofSeconds(40))
        .header("Authorization", "Bearer " + token(resident));
  }

  /** The answer to a question about booked times, see {@link #ask}. */
  JsonNode bookings(String resident, String query, String... headers) {
    return ask(Kind.BOOKINGS, resident, query, headers);
  }

  /**
   * The answer to a question, valid against the API description.
   *
   * @param headers names and values in turn
   */
  JsonNode ask(Kind kind, String resident, String query, String... headers) {
    HttpRequest.Builder request = request(kind, resident, query);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = send(request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    CONTRACT.assertValid(CONTRACT.answerOf(path(kind)), answer.body());
    return json(answer);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  /** Fails unless the answer is the problem, told by the API description, with nothing besides. */
  static void assertProblem(
      HttpResponse<String> answer, int status, String id, @Nullable String parameter) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    CONTRACT.assertValid("Problem", answer.body());
    JsonNode problem = json(answer);
    assertThat(problem.path("type").asString()).isEqualTo("urn:samflode:problem:" + id);
    assertThat(problem.path("parameter").asString(""))
        .isEqualTo(parameter == null ? "" : parameter);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  /** The source of an address in an answer. */
  static JsonNode source(JsonNode answer, String address) {
    return answer
        .path("sources")
        .valueStream()
        .filter(source -> source.path("logicalAddress").asString().equals(address))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no source " + address));
  }

  static List<String> sources(JsonNode answer) {
    return answer
        .path("sources")
        .valueStream()
        .map(source -> source.path("logicalAddress").asString())
        .toList();
  }

  /** Sends a SOAP envelope to a path below {@code /rivta}. */
  HttpResponse<String> soap(String path, String envelope, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + system.port() + "/rivta" + path))
            .timeout(Duration.ofSeconds(40))
            .header("Content-Type", "text/xml; charset=UTF-8")
            .POST(BodyPublishers.ofString(envelope));
    headers.forEach(request::header);
    return send(request);
  }

  /** A request to the management port. */
  HttpRequest.Builder management(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + system.managementPort() + path));
  }

  /** Calls to a producer that have not ended, as the management port tells. */
  double inFlight(String producer) {
    return metric("samflode_producer_in_flight\\{.*producer=\"" + producer + "\".*}");
  }

  /**
   * The value of a metric.
   *
   * @param pattern of its name and labels
   */
  double metric(String pattern) {
    HttpResponse<String> metrics = send(management("/actuator/prometheus"));
    Matcher gauge =
        Pattern.compile("^" + pattern + " (\\S+)$", Pattern.MULTILINE).matcher(metrics.body());
    assertThat(gauge.find()).as("metric " + pattern).isTrue();
    return Double.parseDouble(gauge.group(1));
  }
}
