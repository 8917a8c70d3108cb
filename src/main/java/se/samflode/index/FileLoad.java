package se.samflode.index;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import se.samflode.index.BulkLoad.Options;
import se.samflode.index.LoadChunks.AddressName;
import se.samflode.index.LoadChunks.Chunk;

/** One file of a {@link BulkLoad} on its way. For one use and one thread. */
final class FileLoad {

  private static final Logger LOG = LoggerFactory.getLogger(FileLoad.class);

  private static final int SHOWN_AT_FAILURE = 20;

  /** See {@link IndexWriter#BESIDE_LOADS}. */
  private static final String WITHOUT_CHANGES = "SELECT pg_advisory_xact_lock(:besideLoads)";

  private static final String SAVE =
      "INSERT INTO engagement AS e ("
          + CopyRows.COLUMNS
          + ", creation_time) SELECT "
          + CopyRows.COLUMNS
          + ", clock_timestamp() FROM bulk_staging ORDER BY id "
          + IndexWriter.ON_CONFLICT;

  private static final String RAISE_VERSIONS =
      """
      INSERT INTO address_version AS v (service_domain, address, version, changed_at)
      SELECT n.service_domain, n.address, 1, clock_timestamp()
        FROM unnest(:serviceDomains, :addresses) AS n (service_domain, address)
          ON CONFLICT (service_domain, address)
          DO UPDATE SET version = v.version + 1, changed_at = clock_timestamp()\
      """;

  private static final String FEED_LACKS_ROWS =
      """
      UPDATE feed_state SET complete_from = greatest(complete_from, clock_timestamp())\
      """;

  /** Also where it is set: whoever has begun to seed meanwhile lacks this load. */
  private static final String SEED_ANEW =
      """
      UPDATE subscriber SET seed_anew_since = clock_timestamp()\
      """;

  private static final String BEGIN_FILE =
      """
      INSERT INTO bulk_load AS b (file, file_name, started_at, rows_committed, rows_refused)
      VALUES (:file, :name, clock_timestamp(), 0, 0)
          ON CONFLICT (file)
          DO UPDATE SET file_name = EXCLUDED.file_name, started_at = clock_timestamp(),
                        rows_committed = 0, rows_refused = 0, ended_at = NULL
             WHERE :again AND b.ended_at IS NOT NULL\
      """;

  private static final String STATE =
      """
      SELECT rows_committed AS committed, rows_refused AS refused, ended_at IS NOT NULL AS ended
        FROM bulk_load WHERE file = :file\
      """;

  private static final String ADVANCE =
      """
      UPDATE bulk_load SET rows_committed = :committed, rows_refused = :refused WHERE file = :file\
      """;

  private static final String END_FILE =
      """
      UPDATE bulk_load SET ended_at = clock_timestamp() WHERE file = :file\
      """;

  /** What a load goes by. */
  record LoadRules(IndexSettings settings, UpdateRules rules, int chunkRows) {}

  private record State(long committed, long refused, boolean ended) {}

  private final LongWork work;
  private final Path path;
  private final Options options;
  private final LoadProgress progress;
  private final LoadRules rules;
  private long committed;
  private long refused;
  private long changed;

  FileLoad(LongWork work, Path path, Options options, LoadProgress progress, LoadRules rules) {
    this.rules = rules;
    this.work = work;
    this.path = path;
    this.options = options;
    this.progress = progress;
  }

  /** Loads it, unless that has been done before. Always true. */
  boolean load() {
    String name = String.valueOf(path.getFileName());
    progress.recognising(name);
    FileMark mark = FileMark.of(path);
    if (options.intoEmpty() && IndexTables.haveKey(work.sql()) && !passesBy(mark)) {
      throw new CommandRefused(
          name
              + ": the indexes are being made, and no rows can come in. Run this again with the"
              + " files that have been loaded, without --again; load others afterwards, without"
              + " --into-empty.");
    }
    State state = state(mark);
    if (state.ended()) {
      progress.passedBy(name);
      return true;
    }
    committed = state.committed();
    refused = state.refused();
    progress.began(name, mark.size(), committed);
    LOG.atInfo()
        .addKeyValue("event", "index.bulk-load-started")
        .addKeyValue("rowsBefore", committed)
        .addKeyValue("intoEmpty", options.intoEmpty())
        .log("rows enter the index that no change feed has");
    try (LoadChunks chunks = new LoadChunks(path, rules.rules(), rules.settings())) {
      chunks.skip(committed + refused);
      storeAll(chunks, mark);
    }
    work.inTransaction("load", () -> end(mark));
    LoadedFile loaded = new LoadedFile(name, committed, changed, refused);
    LOG.atInfo()
        .addKeyValue("event", "index.bulk-load-ended")
        .addKeyValue("rows", committed)
        .addKeyValue("changed", changed)
        .addKeyValue("refused", refused)
        .log("a file has been loaded to its end");
    progress.ended(loaded);
    return true;
  }

  private boolean passesBy(FileMark mark) {
    return !options.again()
        && work.sql()
            .sql(STATE)
            .param("file", mark.bytes())
            .query(State.class)
            .optional()
            .filter(State::ended)
            .isPresent();
  }

  private State state(FileMark mark) {
    work.sql()
        .sql(BEGIN_FILE)
        .param("file", mark.bytes())
        .param("name", path.toAbsolutePath().normalize().toString())
        .param("again", options.again())
        .update();
    return work.sql().sql(STATE).param("file", mark.bytes()).query(State.class).single();
  }

  /** Reads a chunk ahead while another is stored. */
  private void storeAll(LoadChunks chunks, FileMark mark) {
    try (ExecutorService reader = Executors.newSingleThreadExecutor()) {
      Chunk chunk = read(reader.submit(() -> chunks.next(rules.chunkRows())));
      while (!chunk.isEmpty()) {
        Chunk now = chunk;
        Future<Chunk> next = reader.submit(() -> chunks.next(rules.chunkRows()));
        refuse(now);
        changed += work.inTransaction("load", () -> store(now, mark));
        committed += now.rows();
        refused += now.refused().size();
        progress.advanced(now.bytesRead(), committed);
        chunk = read(next);
      }
    }
  }

  private void refuse(Chunk chunk) {
    boolean tooMany = refused + chunk.refused().size() > options.maxRefused();
    chunk.refused().stream()
        .limit(tooMany ? SHOWN_AT_FAILURE : Long.MAX_VALUE)
        .forEach(line -> progress.refused(line.line(), line.rule()));
    if (tooMany) {
      throw new CommandRefused(
          "More than "
              + options.maxRefused()
              + " lines break a rule. The "
              + committed
              + " rows before this chunk are stored. Correct the file, or leave such lines out with"
              + " --max-refused.");
    }
  }

  private long store(Chunk chunk, FileMark mark) {
    long stored;
    if (options.intoEmpty()) {
      copy("engagement", chunk);
      stored = chunk.copied();
    } else {
      copy("bulk_staging", chunk);
      work.sql()
          .sql(WITHOUT_CHANGES)
          .param("besideLoads", IndexWriter.BESIDE_LOADS)
          .query(row -> {});
      stored =
          work.sql()
              .sql(SAVE)
              .param(
                  "overwritingDomains",
                  new SqlArrayValue("text", rules.settings().overwritingDomains().toArray()))
              .update();
    }
    raiseVersions(chunk.named());
    work.sql()
        .sql(ADVANCE)
        .param("committed", committed + chunk.rows())
        .param("refused", refused + chunk.refused().size())
        .param("file", mark.bytes())
        .update();
    tellThatTheFeedLacksRows();
    mark.check(path);
    return stored;
  }

  private void copy(String table, Chunk chunk) {
    work.copy(
        "COPY " + table + " (" + CopyRows.COLUMNS + ") FROM STDIN (FORMAT binary)", chunk.copy());
  }

  private void raiseVersions(List<AddressName> named) {
    work.sql()
        .sql(RAISE_VERSIONS)
        .param("serviceDomains", EngagementColumns.texts(named, AddressName::serviceDomain))
        .param("addresses", EngagementColumns.texts(named, AddressName::address))
        .update();
  }

  private boolean end(FileMark mark) {
    work.sql().sql(END_FILE).param("file", mark.bytes()).update();
    tellThatTheFeedLacksRows();
    return true;
  }

  /** With every chunk, so that a load that never ends has told too. */
  private void tellThatTheFeedLacksRows() {
    JdbcClient sql = work.sql();
    sql.sql(SEED_ANEW).update();
    sql.sql(FEED_LACKS_ROWS).update();
  }

  private static Chunk read(Future<Chunk> reading) {
    try {
      return reading.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CommandRefused refused) {
        throw refused;
      }
      throw new IllegalStateException("reading the file failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandRefused("Stopped. Run the same command again to go on.");
    }
  }
}
