package se.samflode.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.demo.DemoIssuer;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.MockRegions;
import se.samflode.testing.ApplicationProcess;
import se.samflode.testing.IndexClient;
import se.samflode.testing.IndexClient.Row;

/**
 * What the engagement index can take, and how it answers at one and at ten million rows: the
 * packaged application over SOAP, with a durable PostgreSQL. Docs: docs/benchmarks.md.
 */
class IndexBenchmark {

  private static final Logger LOG = LoggerFactory.getLogger(IndexBenchmark.class);

  private static final String DOMAIN = "riv:crm:scheduling";
  private static final int ROWS_OF_A_RESIDENT = 10;
  private static final int SEARCHERS = 32;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration MEASURED = Duration.ofSeconds(20);

  @TempDir private Path files;

  private final AtomicLong number = new AtomicLong();

  @BeforeAll
  static void onlyTheFiguresAreLogged() {
    ApplicationProcess.onlyLogFigures();
  }

  @Test
  void tellsWhatUpdatesAndSearchesCost() throws IOException, InterruptedException {
    try (EmbeddedPostgres postgres = ApplicationProcess.durablePostgres();
        ApplicationProcess application =
            new ApplicationProcess(
                ApplicationProcess.settings(
                    files,
                    new DemoIssuer(),
                    postgres,
                    MockRegions.FOLDER.resolve("producers.yaml")));
        IndexClient index =
            new IndexClient(application.uri(), DemoSystem.INDEX, Duration.ofSeconds(60))) {
      JdbcClient database = JdbcClient.create(postgres.getPostgresDatabase());
      updates(application, index, database, 1, 16);
      updates(application, index, database, 20, 8);
      updates(application, index, database, 1000, 4);
      database.sql("TRUNCATE engagement, version, change").update();
      double atOne = searches(application, index, database, 1_000_000);
      double atTen = searches(application, index, database, 10_000_000);
      LOG.info("searches: 99th percentile at 10 million rows / at 1 million: {}", atTen / atOne);
    }
  }

  private void updates(
      ApplicationProcess application,
      IndexClient index,
      JdbcClient database,
      int perRequest,
      int callers)
      throws InterruptedException, IOException {
    load(callers, WARM_UP, () -> update(index, perRequest));
    long before = stored(database);
    Duration processor = application.processorTime();
    Figures figures = load(callers, MEASURED, () -> update(index, perRequest));
    Duration taken = application.processorTime().minus(processor);
    long rows = stored(database) - before;
    LOG.info(
        "updates of {}, {} callers: {} engagements/s, request median {} ms, 99th percentile {} ms;"
            + " application {} us of processor time per engagement, resident {} MB, heap {} MB",
        perRequest,
        callers,
        Math.round(rows / figures.seconds()),
        figures.millis(0.5),
        figures.millis(0.99),
        Math.round(taken.toNanos() / 1e3 / rows),
        application.residentMegabytes(),
        application.liveHeapMegabytes());
    // What was acknowledged is there, each engagement once.
    assertThat(rows).isEqualTo((long) figures.nanos().size() * perRequest);
  }

  /** New engagements of residents who have some already, as a country's day brings them. */
  private long update(IndexClient index, int perRequest) throws IOException, InterruptedException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    List<Row> rows =
        IntStream.range(0, perRequest)
            .mapToObj(n ->
                new Row(
                    resident(random.nextInt(1_000_000)),
                    DOMAIN,
                    "SE2321000016-A" + random.nextInt(1000),
                    "booking-" + number.incrementAndGet(),
                    "20270115093000"))
            .toList();
    String envelope = index.adding(rows);
    long begun = System.nanoTime();
    HttpResponse<String> answer = index.send("Update", envelope);
    long nanos = System.nanoTime() - begun;
    assertThat(IndexClient.acknowledges(answer)).as(answer.body()).isTrue();
    return nanos;
  }

  private double searches(
      ApplicationProcess application, IndexClient index, JdbcClient database, int rows)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    seed(database, rows);
    LOG.info("seeded to {} rows in {} s", rows, (System.nanoTime() - begun) / 1_000_000_000);
    int residents = rows / ROWS_OF_A_RESIDENT;
    load(SEARCHERS, WARM_UP, () -> search(index, residents));
    Duration processor = application.processorTime();
    Figures figures = load(SEARCHERS, MEASURED, () -> search(index, residents));
    Duration taken = application.processorTime().minus(processor);
    LOG.info(
        "searches at {} rows, {} callers: {} requests/s, median {} ms, 99th percentile {} ms;"
            + " application {} us of processor time each, resident {} MB, heap {} MB",
        rows,
        SEARCHERS,
        Math.round(figures.nanos().size() / figures.seconds()),
        figures.millis(0.5),
        figures.millis(0.99),
        Math.round(taken.toNanos() / 1e3 / figures.nanos().size()),
        application.residentMegabytes(),
        application.liveHeapMegabytes());
    return figures.millis(0.99);
  }

  private static long search(IndexClient index, int residents)
      throws IOException, InterruptedException {
    int n = ThreadLocalRandom.current().nextInt(residents);
    String envelope = index.finding(resident(n), DOMAIN);
    long begun = System.nanoTime();
    HttpResponse<String> answer = index.send("FindContent", envelope);
    long nanos = System.nanoTime() - begun;
    assertThat(answer.body().split("</core:engagement>|:engagement>|<engagement>", -1).length)
        .as("engagements found")
        .isGreaterThan(ROWS_OF_A_RESIDENT);
    return nanos;
  }

  /** Ten engagements of each resident; what is there stays. */
  private static void seed(JdbcClient database, int rows) {
    database
        .sql(
            """
            INSERT INTO engagement
                   (id, resident, service_domain, categorization, logical_address,
                    business_object_instance_identifier, clinical_process_interest_id,
                    most_recent_content, source_system, data_controller, owner, creation_time)
            SELECT sha256(int8send(n)), 'R' || to_char(n / 10, 'FM00000000000'),
                   'riv:crm:scheduling', 'Booking', 'SE2321000016-A' || n % 1000, 'booking-' || n,
                   'NA', '2027-01-15 09:30', 'SE2321000016-S' || n % 100, 'SE2321000016',
                   'SE5565594230-INDEX', now()
              FROM generate_series((SELECT count(*) FROM engagement), :rows - 1) AS n\
            """)
        .param("rows", (long) rows)
        .update();
    database.sql("VACUUM (ANALYZE) engagement").update();
    database.sql("CHECKPOINT").update();
  }

  private static String resident(int number) {
    return "R%011d".formatted(number);
  }

  private static long stored(JdbcClient database) {
    return database.sql("SELECT count(*) FROM engagement").query(Long.class).single();
  }

  /**
   * What a load brought.
   *
   * @param nanos of every request, in ascending order
   */
  private record Figures(List<Long> nanos, double seconds) {

    double millis(double share) {
      return Math.round(nanos.get((int) (share * (nanos.size() - 1))) / 1e4) / 1e2;
    }
  }

  /** Callers that each send again as soon as they have their answer. */
  private static Figures load(int callers, Duration time, Callable<Long> request)
      throws InterruptedException {
    long begun = System.nanoTime();
    Callable<List<Long>> caller =
        () -> {
          List<Long> nanos = new ArrayList<>();
          while (System.nanoTime() - begun < time.toNanos()) {
            nanos.add(request.call());
          }
          return nanos;
        };
    List<Long> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<List<Long>> one : threads.invokeAll(Collections.nCopies(callers, caller))) {
        all.addAll(one.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a caller failed", e.getCause());
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new Figures(all.stream().sorted().toList(), seconds);
  }
}
