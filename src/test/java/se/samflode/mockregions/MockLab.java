package se.samflode.mockregions;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A laboratory that pushes results by several ways at a chosen rate, sends again until it has an
 * answer, and reads back what was acknowledged. It has a few answers of each resident, and sends
 * new versions of them. Thread-safe.
 */
public final class MockLab implements AutoCloseable {

  private static final int ANSWERS_EACH = 2;
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final List<LabWay> ways;
  private final List<Answer> records = new ArrayList<>();
  private final ReadBack readBack;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong turn = new AtomicLong();
  private final Map<String, Seen> seen = Collections.synchronizedMap(new LinkedHashMap<>());
  private final CountDownLatch closing = new CountDownLatch(1);

  /** How a result is read back. */
  public interface ReadBack {

    /**
     * The value that a resident reads of an answer; empty if he reads none of it.
     *
     * @throws IOException if nobody answered
     */
    Optional<String> value(String resident, String record) throws IOException, InterruptedException;
  }

  /**
   * What became of what was pushed by one way.
   *
   * @param stored acknowledged
   * @param rejected refused for good
   * @param again sent again, since no answer came
   * @param wrong acknowledged, and read back as something else; should be 0
   * @param medianMillis until the acknowledgement
   */
  public record Figures(int stored, int rejected, int again, int wrong, long medianMillis) {}

  /** One answer; its versions are pushed one after the other. */
  private static final class Answer {
    private final ReentrantLock lock = new ReentrantLock();
    private final LabWay way;
    private final String resident;
    private final String id;
    private Instant issued = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private int version;

    Answer(LabWay way, String resident, String id) {
      this.way = way;
      this.resident = resident;
      this.id = id;
    }

    LabSample next() {
      version++;
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      issued = now.isAfter(issued) ? now : issued.plusMillis(1);
      return new LabSample(resident, id, (3 + version % 6) + "." + version % 10, "final", issued);
    }
  }

  /**
   * @param ways 1 or more; closed with the lab
   * @param residents personnummer, 1 or more
   */
  public MockLab(List<LabWay> ways, List<String> residents, ReadBack readBack) {
    this.ways = List.copyOf(ways);
    this.readBack = readBack;
    for (String resident : residents) {
      for (LabWay way : ways) {
        for (int i = 0; i < ANSWERS_EACH; i++) {
          records.add(
              new Answer(way, resident, "mock-" + Long.toHexString(turn.getAndIncrement())));
        }
      }
    }
    Collections.shuffle(records);
  }

  /** Begins to push. */
  public void start(double perSecond) {
    ScheduledFuture<?> _ =
        clock.scheduleAtFixedRate(
            () -> threads.execute(this::push),
            0,
            Math.round(1e9 / perSecond),
            TimeUnit.NANOSECONDS);
  }

  private void push() {
    Answer answer = records.get((int) (turn.getAndIncrement() % records.size()));
    // Whoever finds a record busy leaves it: its versions go one after the other.
    if (!answer.lock.tryLock()) {
      return;
    }
    try {
      push(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      answer.lock.unlock();
    }
  }

  private void push(Answer answer) throws InterruptedException {
    LabSample sample = answer.next();
    Seen figures = seen.computeIfAbsent(answer.way.name(), name -> new Seen());
    long begun = System.nanoTime();
    while (closing.getCount() > 0) {
      try {
        boolean stored = answer.way.push(sample);
        figures.answered(stored, Duration.ofNanos(System.nanoTime() - begun));
        if (stored && !readsBack(sample)) {
          figures.wrong();
        }
        return;
      } catch (IOException e) {
        figures.again();
        pause();
      }
    }
  }

  private boolean readsBack(LabSample sample) throws InterruptedException {
    while (closing.getCount() > 0) {
      try {
        return readBack
            .value(sample.resident(), sample.record())
            .filter(sample.value()::equals)
            .isPresent();
      } catch (IOException e) {
        pause();
      }
    }
    return true;
  }

  private void pause() throws InterruptedException {
    boolean _ = closing.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What became of it, by way, since the last call. */
  public Map<String, Figures> figures() {
    Map<String, Figures> figures = new LinkedHashMap<>();
    for (LabWay way : ways) {
      Seen since = seen.put(way.name(), new Seen());
      figures.put(way.name(), since == null ? new Figures(0, 0, 0, 0, 0) : since.figures());
    }
    return figures;
  }

  @Override
  public void close() {
    closing.countDown();
    clock.shutdownNow();
    threads.shutdownNow();
    ways.forEach(LabWay::close);
  }

  private static final class Seen {

    private final List<Long> millis = new ArrayList<>();
    private int rejected;
    private int again;
    private int wrong;

    synchronized void answered(boolean stored, Duration took) {
      if (stored) {
        millis.add(took.toMillis());
      } else {
        rejected++;
      }
    }

    synchronized void again() {
      again++;
    }

    synchronized void wrong() {
      wrong++;
    }

    synchronized Figures figures() {
      List<Long> sorted = millis.stream().sorted().toList();
      long median = sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
      return new Figures(sorted.size(), rejected, again, wrong, median);
    }
  }
}
