package se.samflode.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A front end that spreads its questions over nodes: each goes to the next one, and where that does
 * not answer, to the one after it. Thread-safe.
 */
final class SpreadingClient implements AutoCloseable {

  private static final Duration BETWEEN = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<URI> nodes;
  private final Supplier<String> tokens;
  private final Map<URI, Seen> seen = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  /**
   * For some nodes.
   *
   * @param nodes their addresses without a path, 1 or more
   * @param tokens a token about some resident, each time it is asked
   */
  SpreadingClient(List<URI> nodes, Supplier<String> tokens) {
    this.nodes = List.copyOf(nodes);
    this.tokens = tokens;
  }

  /** What one node did since it was last asked for. */
  record Figures(int answers, int failures, long medianMillis) {}

  /** Begins to ask, 20 times a second. */
  void start() {
    ScheduledFuture<?> _ =
        clock.scheduleAtFixedRate(
            () -> threads.execute(this::ask), 0, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What a node did since the last call. */
  Figures figures(URI node) {
    Seen since = seen.put(node, new Seen());
    return since == null ? new Figures(0, 0, 0) : since.figures();
  }

  /** Questions that no node answered, since the start. */
  int unanswered() {
    return unanswered.get();
  }

  private void ask() {
    String token = tokens.get();
    int first = next.getAndIncrement();
    for (int i = 0; i < nodes.size(); i++) {
      URI node = nodes.get(Math.floorMod(first + i, nodes.size()));
      long begun = System.nanoTime();
      boolean answered = answers(node, token);
      Seen now = seen.computeIfAbsent(node, n -> new Seen());
      now.add(answered, Duration.ofNanos(System.nanoTime() - begun));
      if (answered) {
        return;
      }
    }
    unanswered.incrementAndGet();
  }

  private boolean answers(URI node, String token) {
    try {
      return http.send(
                  HttpRequest.newBuilder(node.resolve("/api/v1/bookings"))
                      .timeout(PATIENCE)
                      .header("Authorization", "Bearer " + token)
                      .build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    threads.shutdownNow();
    http.shutdownNow();
  }

  private static final class Seen {

    private final List<Long> millis = new ArrayList<>();
    private int failures;

    synchronized void add(boolean answered, Duration took) {
      if (answered) {
        millis.add(took.toMillis());
      } else {
        failures++;
      }
    }

    synchronized Figures figures() {
      List<Long> sorted = millis.stream().sorted().toList();
      long median = sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
      return new Figures(sorted.size(), failures, median);
    }
  }
}
