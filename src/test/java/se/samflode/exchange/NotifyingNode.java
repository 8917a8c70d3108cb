package se.samflode.exchange;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import se.samflode.SamflodeApplication;
import se.samflode.demo.DemoIssuer;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementTransaction;
import se.samflode.index.IndexWriter;
import se.samflode.testing.TestDatabase;

/** The whole application on a database that it may share with another node. */
final class NotifyingNode implements AutoCloseable {

  static final String INDEX = "SE2321000016-EI01";
  static final String RESIDENT = "202312302397";
  static final String OTHER_RESIDENT = "191212121212";

  private final ConfigurableApplicationContext application;

  /** Starts one; settings are those of {@code samflode.subscribers}, after that prefix. */
  NotifyingNode(TestDatabase database, @Nullable Path subscribers, Map<String, String> settings) {
    this(database.url(), subscribing(subscribers, settings));
  }

  private static Map<String, String> subscribing(
      @Nullable Path subscribers, Map<String, String> settings) {
    Map<String, String> properties = new HashMap<>();
    properties.put("samflode.subscribers.poll-interval", "50ms");
    properties.put("samflode.subscribers.first-retry", "100ms");
    properties.put("samflode.subscribers.longest-retry", "1s");
    properties.put("samflode.subscribers.refusals", "2");
    if (subscribers != null) {
      properties.put("samflode.subscribers.file", subscribers.toUri().toString());
    }
    settings.forEach((name, value) -> properties.put("samflode.subscribers." + name, value));
    return properties;
  }

  /**
   * Starts one.
   *
   * @param url of its database
   * @param settings over those that every node has
   */
  NotifyingNode(String url, Map<String, String> settings) {
    Map<String, Object> properties = new HashMap<>(new DemoIssuer().properties());
    properties.put("spring.datasource.url", url);
    properties.put("spring.datasource.username", TestDatabase.USER);
    properties.put("samflode.producers.registry", "file:mock-regions/producers.yaml");
    properties.put("samflode.index.hsa-id", INDEX);
    properties.put("server.port", "0");
    properties.put("management.server.port", "0");
    properties.putAll(settings);
    application =
        new SpringApplicationBuilder(SamflodeApplication.class)
            .profiles("demo")
            .initializers(context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("test", properties)))
            .run();
  }

  void update(EngagementTransaction... transactions) {
    application.getBean(IndexWriter.class).update(List.of(transactions));
  }

  /** What is done hourly about records that were not stored. */
  void forgetRecords() {
    application.getBean(StoredOffsets.class).forget();
  }

  static EngagementTransaction add(String resident, String object, String time) {
    return new EngagementTransaction(false, engagement(resident, "Booking", object, time));
  }

  static EngagementTransaction delete(String resident, String object) {
    return new EngagementTransaction(true, engagement(resident, "Booking", object, null));
  }

  static Engagement engagement(
      String resident, String categorization, String object, @Nullable String time) {
    return new Engagement(
        resident,
        "riv:crm:scheduling",
        categorization,
        "SE2321000016-A001",
        object,
        "NA",
        time,
        "SE2321000016-S001",
        null,
        null,
        "SE2321000016-0001",
        "");
  }

  /** What the operator reads. */
  String subscribers() {
    return manage(HttpRequest.newBuilder(management("")).GET()).body();
  }

  /** What the operator does. */
  HttpResponse<String> act(String subscriber, String action) {
    return asks(subscriber, "{\"action\":\"" + action + "\"}");
  }

  /** The operator says that a subscriber was seeded, from a time on. */
  HttpResponse<String> seeded(String subscriber, String begun) {
    return asks(subscriber, "{\"action\":\"seeded\",\"begun\":\"" + begun + "\"}");
  }

  private HttpResponse<String> asks(String subscriber, String body) {
    return manage(
        HttpRequest.newBuilder(management("/" + subscriber))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  String metrics() {
    return manage(HttpRequest.newBuilder(URI.create(root() + "prometheus")).GET()).body();
  }

  /** The health of a part, with its status. */
  HttpResponse<String> health(String part) {
    return manage(HttpRequest.newBuilder(URI.create(root() + "health/" + part)).GET());
  }

  /** Where the application listens. */
  URI uri() {
    return URI.create(
        "http://localhost:" + application.getEnvironment().getProperty("local.server.port"));
  }

  private URI management(String path) {
    return URI.create(root() + "subscribers" + path);
  }

  private String root() {
    return "http://localhost:"
        + application.getEnvironment().getProperty("local.management.port")
        + "/actuator/";
  }

  private static HttpResponse<String> manage(HttpRequest.Builder request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    application.close();
  }
}
