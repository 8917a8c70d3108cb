package se.samflode.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers who ask about residents in turn, each question about the next of them. Thread-safe. */
final class Load implements AutoCloseable {

  /** What came of a question. */
  enum Outcome {
    /** An answer that says that nothing is missing. */
    COMPLETE,
    /** An answer with a gap. */
    INCOMPLETE,
    /** A problem instead of an answer. */
    PROBLEM,
    /** No HTTP answer. */
    BROKEN
  }

  /**
   * What a load brought.
   *
   * @param nanos of every question, in ascending order
   * @param outcomes how many questions ended how
   * @param time that the load lasted
   */
  record Brought(List<Long> nanos, Map<Outcome, Integer> outcomes, Duration time) {

    private static Brought of(List<Asked> asked, Duration time) {
      Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
      asked.forEach(one -> outcomes.merge(one.outcome(), 1, Integer::sum));
      return new Brought(asked.stream().map(Asked::nanos).sorted().toList(), outcomes, time);
    }

    double perSecond() {
      return nanos.size() * 1e9 / time.toNanos();
    }

    /**
     * The time within which a share of the questions was answered, milliseconds.
     *
     * @param share 0 to 1
     */
    double millis(double share) {
      return nanos.isEmpty() ? 0 : nanos.get((int) (share * (nanos.size() - 1))) / 1e6;
    }
  }

  private record Asked(Outcome outcome, long nanos) {}

  private final URI bookings;
  private final List<String> tokens;
  private final AtomicInteger next = new AtomicInteger();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  Load(URI application, List<String> tokens) {
    this.bookings = application.resolve("/api/v1/bookings");
    this.tokens = tokens;
  }

  /** Some callers, each of whom asks again as soon as he has his answer. */
  Brought closedLoop(int number, Duration time) throws InterruptedException {
    long begun = System.nanoTime();
    Callable<List<Asked>> caller =
        () -> {
          List<Asked> asked = new ArrayList<>();
          while (System.nanoTime() - begun < time.toNanos()) {
            asked.add(ask());
          }
          return asked;
        };
    List<Asked> all = new ArrayList<>();
    for (Future<List<Asked>> one : callers.invokeAll(Collections.nCopies(number, caller))) {
      all.addAll(result(one));
    }
    return Brought.of(all, Duration.ofNanos(System.nanoTime() - begun));
  }

  /** Questions that come at an even rate, whatever becomes of those before. */
  Steady steady(int perSecond) {
    return new Steady(perSecond);
  }

  /** Questions that come until they are stopped. */
  final class Steady {

    private final long begun = System.nanoTime();
    private final List<Future<Asked>> asked = Collections.synchronizedList(new ArrayList<>());
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> beat;

    private Steady(int perSecond) {
      beat =
          clock.scheduleAtFixedRate(
              () -> asked.add(callers.submit(Load.this::ask)),
              0,
              TimeUnit.SECONDS.toNanos(1) / perSecond,
              TimeUnit.NANOSECONDS);
    }

    /** Asks no more, and waits for the answers that are due. */
    Brought stop() throws InterruptedException {
      beat.cancel(false);
      clock.close();
      Duration time = Duration.ofNanos(System.nanoTime() - begun);
      List<Asked> all = new ArrayList<>();
      for (Future<Asked> one : asked) {
        all.add(result(one));
      }
      return Brought.of(all, time);
    }
  }

  private Asked ask() throws InterruptedException {
    String token = tokens.get(Math.floorMod(next.getAndIncrement(), tokens.size()));
    long begun = System.nanoTime();
    Outcome outcome = Outcome.BROKEN;
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(bookings).header("Authorization", "Bearer " + token).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        outcome = Outcome.PROBLEM;
      } else {
        outcome =
            answer.body().contains("\"complete\":true") ? Outcome.COMPLETE : Outcome.INCOMPLETE;
      }
    } catch (IOException e) {
      // stays BROKEN
    }
    return new Asked(outcome, System.nanoTime() - begun);
  }

  private static <T> T result(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a caller failed", e.getCause());
    }
  }

  @Override
  public void close() {
    callers.close();
    http.close();
  }
}
