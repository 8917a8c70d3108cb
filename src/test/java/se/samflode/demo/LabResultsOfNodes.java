package se.samflode.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import se.samflode.mockregions.MockLab;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads lab results as residents do, each time at the next node. Thread-safe. */
final class LabResultsOfNodes implements MockLab.ReadBack {

  private final List<URI> nodes;
  private final UnaryOperator<String> tokens;
  private final AtomicInteger next = new AtomicInteger();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  /**
   * @param nodes their addresses without a path, 1 or more
   * @param tokens a token about a resident
   */
  LabResultsOfNodes(List<URI> nodes, UnaryOperator<String> tokens) {
    this.nodes = List.copyOf(nodes);
    this.tokens = tokens;
  }

  @Override
  public Optional<String> value(String resident, String record)
      throws IOException, InterruptedException {
    URI node = nodes.get(Math.floorMod(next.getAndIncrement(), nodes.size()));
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(node.resolve("/api/v1/lab-results?limit=1000"))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + tokens.apply(resident))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("HTTP " + answer.statusCode());
    }
    for (JsonNode item : JsonMapper.shared().readTree(answer.body()).path("items")) {
      if (item.path("documentId").asString().equals(record)) {
        return Optional.of(item.at("/groups/0/analyses/0/results/0/value").asString());
      }
    }
    return Optional.empty();
  }
}
