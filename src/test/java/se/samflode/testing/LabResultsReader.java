package se.samflode.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads lab results as a resident does, all pages. Thread-safe. */
public final class LabResultsReader {

  private static final String PATH = "/api/v1/lab-results?limit=200";

  private final UnaryOperator<String> tokens;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  /**
   * @param tokens a token about a resident
   */
  public LabResultsReader(UnaryOperator<String> tokens) {
    this.tokens = tokens;
  }

  /**
   * The first value of each answer, by the source's id of it; empty where it has none.
   *
   * @throws IOException if the node does not answer, or answers 5xx
   * @throws IllegalStateException if it refuses the question
   */
  public Map<String, String> values(URI node, String resident)
      throws IOException, InterruptedException {
    Map<String, String> values = new HashMap<>();
    String cursor = "";
    do {
      JsonNode page = page(node, resident, cursor);
      for (JsonNode item : page.path("items")) {
        values.put(
            item.path("documentId").asString(),
            item.at("/groups/0/analyses/0/results/0/value").asString(""));
      }
      cursor = page.has("next") ? "&cursor=" + page.path("next").asString() : "";
    } while (!cursor.isEmpty());
    return values;
  }

  private JsonNode page(URI node, String resident, String cursor)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(node.resolve(PATH + cursor))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + tokens.apply(resident))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() >= 500) {
      throw new IOException("HTTP " + answer.statusCode());
    }
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("HTTP " + answer.statusCode());
    }
    return JsonMapper.shared().readTree(answer.body());
  }
}
