package se.samflode.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import se.samflode.bench.HttpMessages.Message;

/**
 * Callers who send prepared requests in turn, each again as soon as he has his answer, over a
 * connection that he keeps. Immutable.
 *
 * @param port where the one who is asked listens on this machine
 * @param requests whole HTTP requests, one for each resident
 * @param whole what every answer's body must be
 */
record ColdLoad(int port, List<String> requests, Predicate<String> whole) {

  ColdLoad {
    requests = List.copyOf(requests);
  }

  /**
   * What a load brought.
   *
   * @param nanos of every request, in ascending order
   */
  record Brought(List<Long> nanos, double seconds) {

    double perSecond() {
      return nanos.size() / seconds;
    }

    /**
     * The time within which a share of the requests was answered, milliseconds.
     *
     * @param share 0 to 1
     */
    double millis(double share) {
      return nanos.get((int) (share * (nanos.size() - 1))) / 1e6;
    }
  }

  /**
   * Asks for some time.
   *
   * @throws IllegalStateException if one answer is not whole
   */
  Brought run(int callers, Duration time) throws InterruptedException {
    List<byte[]> bytes = requests.stream().map(r -> r.getBytes(UTF_8)).toList();
    AtomicInteger next = new AtomicInteger();
    long begun = System.nanoTime();
    List<Callable<List<Long>>> all =
        IntStream.range(0, callers)
            .<Callable<List<Long>>>mapToObj(n -> () -> ask(bytes, next, begun + time.toNanos()))
            .toList();
    List<Long> nanos = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      for (Future<List<Long>> one : threads.invokeAll(all)) {
        nanos.addAll(one.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a caller failed", e.getCause());
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new Brought(nanos.stream().sorted().toList(), seconds);
  }

  private List<Long> ask(List<byte[]> bytes, AtomicInteger next, long end) throws IOException {
    List<Long> nanos = new ArrayList<>();
    while (System.nanoTime() < end) {
      try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
        connection.setTcpNoDelay(true);
        HttpMessages answers = new HttpMessages(connection.getInputStream());
        boolean last = false;
        while (!last && System.nanoTime() < end) {
          byte[] request = bytes.get(Math.floorMod(next.getAndIncrement(), bytes.size()));
          long begun = System.nanoTime();
          connection.getOutputStream().write(request);
          Message answer = answers.next();
          nanos.add(System.nanoTime() - begun);
          last = check(answer).last();
        }
      }
    }
    return nanos;
  }

  private Message check(@Nullable Message answer) {
    if (answer == null || !answer.start().contains(" 200") || !whole.test(answer.body())) {
      throw new IllegalStateException(
          answer == null
              ? "no answer"
              : answer.start()
                  + answer.body().substring(0, Math.min(2000, answer.body().length())));
    }
    return answer;
  }
}
