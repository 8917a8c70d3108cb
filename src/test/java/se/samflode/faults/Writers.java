package se.samflode.faults;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.samflode.testing.IndexClient;
import se.samflode.testing.IndexClient.Row;

/**
 * Source systems that send Updates without pause, each about keys of its own, and write into the
 * ledger what became of each. They go on whatever the answer is, until they are stopped.
 */
final class Writers implements AutoCloseable {

  private static final int WRITERS = 6;
  private static final int KEYS = 40;
  private static final int MOST_AT_ONCE = 8;
  private static final LocalDateTime FIRST = LocalDateTime.of(2027, 1, 1, 0, 0);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");
  private static final Pattern FAULT = Pattern.compile("<faultstring[^>]*>([^<]*)<");

  private final IndexClient index;
  private final Ledger ledger;
  private final AtomicInteger changes;
  private final AtomicLong acknowledged = new AtomicLong();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean stopped;

  /**
   * Begins at once.
   *
   * @param changes counts the changes of all rounds, so that each has a time of its own
   */
  Writers(IndexClient index, Ledger ledger, AtomicInteger changes, long seed) {
    this.index = index;
    this.ledger = ledger;
    this.changes = changes;
    for (int writer = 0; writer < WRITERS; writer++) {
      int number = writer;
      threads.execute(() -> write(number, new Random(seed + number)));
    }
  }

  /** Requests that were acknowledged since the start of these writers. */
  long acknowledged() {
    return acknowledged.get();
  }

  /** How often each way of not being acknowledged has come; a fault by its text without ids. */
  Map<String, Integer> refusals() {
    return refusals;
  }

  private void write(int writer, Random random) {
    while (!stopped) {
      boolean delete = random.nextInt(4) == 0;
      Map<String, Row> rows = new LinkedHashMap<>();
      for (int n = random.nextInt(MOST_AT_ONCE); n >= 0; n--) {
        String key = "key-" + writer + "-" + random.nextInt(KEYS);
        rows.put(key, row(writer, key));
      }
      boolean done = send(new ArrayList<>(rows.values()), delete);
      rows.forEach(
          (key, row) -> ledger.write(key, new Ledger.Sent(row.mostRecentContent(), delete, done)));
    }
  }

  private Row row(int writer, String key) {
    return new Row(
        "reserve-" + writer + "-" + Math.floorMod(key.hashCode(), 7),
        "riv:crm:scheduling",
        "SE2321000016-A00" + writer,
        key,
        TIME.format(FIRST.plusSeconds(changes.incrementAndGet())));
  }

  private boolean send(List<Row> rows, boolean delete) {
    try {
      HttpResponse<String> answer =
          index.send("Update", delete ? index.deleting(rows) : index.adding(rows));
      if (IndexClient.acknowledges(answer)) {
        acknowledged.incrementAndGet();
        return true;
      }
      Matcher fault = FAULT.matcher(answer.body());
      refusals.merge(
          fault.find()
              ? fault.group(1).replaceAll("correlation id: .*", "correlation id")
              : "HTTP " + answer.statusCode(),
          1,
          Integer::sum);
    } catch (IOException e) {
      refusals.merge("no answer", 1, Integer::sum);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
    return false;
  }

  /** Sends no more, and waits until what is under way has ended. */
  @Override
  public void close() {
    stopped = true;
    threads.close();
  }
}
