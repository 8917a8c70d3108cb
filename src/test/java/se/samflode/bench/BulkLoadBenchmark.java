package se.samflode.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.testing.ApplicationProcess;

/**
 * Rows per second of a bulk load, into an empty index and into a filled one, by the command of the
 * jar as a process of its own, on a durable PostgreSQL. Millions of rows: {@code
 * -Dbulk.millions=10}, 2 by default. Docs: docs/benchmarks.md.
 */
class BulkLoadBenchmark {

  private static final Logger LOG = LoggerFactory.getLogger(BulkLoadBenchmark.class);

  private static final int FILLED_ROWS = 1_000_000;
  private static final int ROWS_PER_RESIDENT = 15;

  @TempDir private Path folder;

  @BeforeAll
  static void onlyTheFiguresAreLogged() {
    ApplicationProcess.onlyLogFigures();
  }

  private record Ran(Duration time, long peakMegabytes, String said) {}

  @Test
  void loadsIntoAnEmptyIndexAndIntoAFilledOne() throws IOException, InterruptedException {
    int rows = Integer.getInteger("bulk.millions", 2) * 1_000_000;
    Path first = file("first.csv", 0, rows);
    Path second = file("second.csv", rows, FILLED_ROWS);
    LOG.info("{} MB for {} rows", Files.size(first) / 1_000_000, rows);
    try (EmbeddedPostgres postgres = durable()) {
      tell("into the empty index", rows, index(postgres, "load", first, "--into-empty"));
      tell("into the filled index", FILLED_ROWS, index(postgres, "load", second));
      tell("the same rows once more", FILLED_ROWS, index(postgres, "load", second, "--again"));
      tell("report", rows + FILLED_ROWS, index(postgres, "report"));
      LOG.info(
          "stored: {} rows, {} with indexes",
          JdbcClient.create(postgres.getPostgresDatabase())
              .sql("SELECT count(*) FROM engagement")
              .query(Long.class)
              .single(),
          JdbcClient.create(postgres.getPostgresDatabase())
              .sql(
                  """
                  SELECT pg_size_pretty(sum(pg_total_relation_size(inhrelid)))
                    FROM pg_inherits WHERE inhparent = 'engagement'::regclass\
                  """)
              .query(String.class)
              .single());
    }
  }

  /**
   * Settings of a modest server with 4 GB for PostgreSQL; everything that durability needs is on.
   */
  private static EmbeddedPostgres durable() throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("shared_buffers", "1GB")
        .setServerConfig("maintenance_work_mem", "512MB")
        .setServerConfig("max_wal_size", "8GB")
        .setServerConfig("checkpoint_timeout", "15min")
        .start();
  }

  private static void tell(String what, int rows, Ran ran) {
    LOG.info(
        "{}: {} rows in {} s, start of the process included: {} rows/s; peak of resident memory {}"
            + " MB",
        what,
        rows,
        ran.time().toMillis() / 1000.0,
        Math.round(rows * 1000.0 / ran.time().toMillis()),
        ran.peakMegabytes());
    ran.said().lines().filter(line -> line.contains("rows")).forEach(LOG::info);
  }

  private static Ran index(EmbeddedPostgres postgres, Object... words)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                ApplicationProcess.jar().toString(),
                "index"));
    Stream.of(words).map(Object::toString).forEach(command::add);
    command.add("--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"));
    command.add("--spring.datasource.username=postgres");
    command.add("--samflode.index.hsa-id=SE5565594230-INDEX");
    Path said = Files.createTempFile("bulk-load", ".log");
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    long peak = 0;
    while (!process.waitFor(Duration.ofMillis(200))) {
      peak = Math.max(peak, peakMegabytes(process));
    }
    Duration time = Duration.ofNanos(System.nanoTime() - begun);
    String text = Files.readString(said);
    if (process.exitValue() != 0) {
      throw new IllegalStateException("the command failed: " + text);
    }
    return new Ran(time, peak, text);
  }

  private static long peakMegabytes(Process process) {
    try {
      Matcher peak =
          Pattern.compile("VmHWM:\\s+(\\d+)")
              .matcher(Files.readString(Path.of("/proc", process.pid() + "", "status")));
      return peak.find() ? Long.parseLong(peak.group(1)) / 1024 : 0;
    } catch (IOException e) {
      // The system does not tell, or the process has ended.
      return 0;
    }
  }

  /**
   * Rows of invented residents, whose numbers no real person can have, of 21 regions with 40 care
   * units each, in no order.
   */
  private Path file(String name, int from, int rows) throws IOException {
    Path file = folder.resolve(name);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(
          "registeredResidentIdentification,serviceDomain,categorization,logicalAddress,"
              + "businessObjectInstanceIdentifier,clinicalProcessInterestId,mostRecentContent,"
              + "sourceSystem,dataController\n");
      int residents = Math.max(1, rows / ROWS_PER_RESIDENT);
      for (int row = from; row < from + rows; row++) {
        long resident = (row * 2_654_435_761L) % residents;
        int region = row % 21;
        out.write(
            String.format(
                Locale.ROOT,
                "19%06dR%03d,%s,%s,SE2321%06d-U%03d,%08x-object-%d,NA,2026%02d%02d093000,"
                    + "SE2321%06d-S001,SE2321%06d-0001%n",
                resident / 1000,
                resident % 1000,
                row % 3 == 0 ? "riv:crm:scheduling" : "riv:clinicalprocess:healthcond:description",
                row % 3 == 0 ? "Booking" : "dia",
                region,
                row % 40,
                row * 31L,
                row,
                1 + row % 12,
                1 + row % 28,
                region,
                region));
      }
    }
    return file;
  }
}
