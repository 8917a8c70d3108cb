package se.samflode.mockregions;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** FHIR over HTTP, each message to the next node. Thread-safe. */
public final class FhirWay implements LabWay {

  private final List<URI> nodes;
  private final String sourceSystem;
  private final Supplier<String> token;
  private final AtomicInteger next = new AtomicInteger();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /**
   * @param nodes addresses without a path, 1 or more
   * @param token of the sender
   */
  public FhirWay(List<URI> nodes, String sourceSystem, Supplier<String> token) {
    this.nodes = List.copyOf(nodes);
    this.sourceSystem = sourceSystem;
    this.token = token;
  }

  @Override
  public String name() {
    return "FHIR over HTTP";
  }

  @Override
  public boolean push(LabSample sample) throws IOException, InterruptedException {
    URI node = nodes.get(Math.floorMod(next.getAndIncrement(), nodes.size()));
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(node.resolve("/fhir/R4"))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token.get())
                .header("Content-Type", "application/fhir+json")
                .POST(BodyPublishers.ofString(sample.fhir(sourceSystem)))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() >= 500) {
      throw new IOException("HTTP " + answer.statusCode());
    }
    return answer.statusCode() == 200;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
