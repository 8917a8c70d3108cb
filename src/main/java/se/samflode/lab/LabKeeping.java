package se.samflode.lab;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;
import se.samflode.index.IdentityFile;
import se.samflode.index.IndexUnavailable;
import se.samflode.index.LongWork;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an organisation may want done with the results that it answers for: handing them out, and
 * erasing them. For the operator's commands; without limit of time. Each leaves a line in {@code
 * lab_log}. Thread-safe.
 */
public final class LabKeeping {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final int CHUNK = 1_000;

  private static final String EXPORT =
      """
      SELECT v.source_system, v.record_id, v.version, r.version = v.version AS stands, v.sender,
             v.arrived_at, v.content
        FROM lab_record r JOIN lab_version v USING (source_system, record_id)
       WHERE r.data_controller = :controller
         AND (CAST(:residents AS text[]) IS NULL OR v.resident = ANY (:residents))
       ORDER BY v.source_system, v.record_id, v.version\
      """;

  private static final String ERASE_ALL =
      """
      DELETE FROM lab_record
       WHERE (source_system, record_id) IN
             (SELECT source_system, record_id
                FROM lab_record
               WHERE data_controller = :controller
               ORDER BY source_system, record_id
               LIMIT :chunk
                 FOR UPDATE)\
      """;

  /** Locks as those who push do, in the order of keys. */
  private static final String LOCK =
      """
      SELECT source_system, record_id
        FROM lab_record
       WHERE data_controller = :controller
         AND (source_system, record_id) IN
             (SELECT source_system, record_id FROM lab_version WHERE resident = ANY (:residents))
       ORDER BY source_system, record_id
         FOR UPDATE\
      """;

  private static final String ERASE_WHOLE =
      """
      DELETE FROM lab_record
       WHERE data_controller = :controller
         AND resident = ANY (:residents)
         AND (source_system, record_id) IN
             (SELECT source_system, record_id FROM lab_version WHERE resident = ANY (:residents))\
      """;

  /** Of answers that turned out to be about somebody else, who keeps them. */
  private static final String ERASE_EARLIER =
      """
      WITH gone AS (
        DELETE FROM lab_version v
         USING lab_record r
         WHERE v.resident = ANY (:residents)
           AND r.source_system = v.source_system
           AND r.record_id = v.record_id
           AND r.data_controller = :controller
           AND r.version <> v.version
        RETURNING v.source_system, v.record_id)
      SELECT count(DISTINCT (source_system, record_id)) FROM gone\
      """;

  /** A message is searched for an identity as it is usually written: with and without a hyphen. */
  private static final String MENTIONS =
      """
       FROM lab_rejection
       WHERE :controller = ANY (data_controllers)
         AND CASE WHEN CAST(:residents AS text[]) IS NULL
                  THEN cardinality(data_controllers) = 1
                  ELSE EXISTS (SELECT 1
                                 FROM unnest(CAST(:residents AS text[])) AS n (identity)
                                WHERE position(convert_to(n.identity, 'UTF8') IN content) > 0
                                   OR position(convert_to(regexp_replace(n.identity, '^([0-9]{8})', '\\1-'),
                                                          'UTF8') IN content) > 0)
             END\
      """;

  private static final String EXPORT_REJECTED =
      "SELECT id, sender, way, format, rejected_at, content " + MENTIONS + " ORDER BY id";

  private static final String ERASE_REJECTED = "DELETE " + MENTIONS;

  private static final String LOG =
      """
      INSERT INTO lab_log (done_by, action, subject, outcome)
      VALUES (:doneBy, :action, :subject, :outcome)\
      """;

  private final DataSource dataSource;

  /** On a database whose tables are those of this version. */
  public LabKeeping(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * What is done, and for whom.
   *
   * @param controller HSA-id of the organisation that answers for the data
   * @param residents a file of identities, CSV with the column {@code identity}; {@code null} for
   *     all
   * @param by who does it
   * @param reason why
   */
  public record Order(String controller, @Nullable Path residents, String by, String reason) {

    private String subject() {
      return "controller "
          + controller
          + (residents == null ? "" : ", some residents")
          + ": "
          + reason;
    }
  }

  /** A version of an answer as it is handed out, one JSON object on a line. */
  record Exported(
      String sourceSystem,
      String recordId,
      int version,
      boolean stands,
      String sender,
      Instant arrived,
      LabReport content) {}

  /**
   * A rejected message as it is handed out, one JSON object on a line.
   *
   * @param content in base64; {@code null} if it was not kept
   */
  record ExportedRejection(
      long rejection,
      String sender,
      String way,
      String format,
      Instant rejected,
      @Nullable String content) {}

  /**
   * How many there were.
   *
   * @param answers of them: versions where they are handed out, answers where they are erased
   * @param rejected messages that were not taken
   */
  public record Count(long answers, long rejected) {}

  /**
   * Hands out every version of every answer, and after them the rejected messages that concern the
   * order: of senders that push for nobody else, or that mention one of the residents.
   *
   * @param line takes one JSON object at a time
   * @throws IndexUnavailable if the database fails
   */
  public Count export(Order order, Consumer<String> line) {
    SqlArrayValue residents = residents(order);
    long[] count = {0, 0};
    try (LongWork work = LongWork.open(dataSource)) {
      work.inTransaction(
          "export",
          () -> {
            // Who reads the lines may take his time.
            work.sql().sql("SET LOCAL idle_in_transaction_session_timeout = 0").update();
            work.sql()
                .sql(EXPORT)
                .param("controller", order.controller())
                .param("residents", residents)
                .query(
                    (RowCallbackHandler)
                        row -> {
                          count[0]++;
                          line.accept(MAPPER.writeValueAsString(version(row)));
                        });
            work.sql()
                .sql(EXPORT_REJECTED)
                .param("controller", order.controller())
                .param("residents", residents)
                .query(
                    (RowCallbackHandler)
                        row -> {
                          count[1]++;
                          line.accept(MAPPER.writeValueAsString(rejection(row)));
                        });
            log(work, order, "export", count[0] + " versions, " + count[1] + " rejected messages");
            return count;
          });
    }
    return new Count(count[0], count[1]);
  }

  private static Exported version(ResultSet row) throws SQLException {
    return new Exported(
        row.getString("source_system"),
        row.getString("record_id"),
        row.getInt("version"),
        row.getBoolean("stands"),
        row.getString("sender"),
        row.getObject("arrived_at", OffsetDateTime.class).toInstant(),
        LabJson.read(row.getString("content")));
  }

  private static ExportedRejection rejection(ResultSet row) throws SQLException {
    byte[] content = row.getBytes("content");
    return new ExportedRejection(
        row.getLong("id"),
        row.getString("sender"),
        row.getString("way"),
        row.getString("format"),
        row.getObject("rejected_at", OffsetDateTime.class).toInstant(),
        content == null ? null : Base64.getEncoder().encodeToString(content));
  }

  /**
   * Erases answers with all their versions and tombstones, and rejected messages as {@link #export}
   * finds them. Of an answer that was about one of the residents and turned out to be about
   * somebody else, the versions about the resident go; that he must not be shown it stays. What has
   * been done stays when it is stopped.
   *
   * @throws IndexUnavailable if the database fails
   */
  public Count erase(Order order) {
    SqlArrayValue residents = residents(order);
    try (LongWork work = LongWork.open(dataSource)) {
      long erased = residents == null ? eraseAll(work, order.controller()) : 0;
      return work.inTransaction(
          "erase",
          () -> {
            long answers =
                residents == null ? erased : eraseSome(work, order.controller(), residents);
            int rejected =
                work.sql()
                    .sql(ERASE_REJECTED)
                    .param("controller", order.controller())
                    .param("residents", residents)
                    .update();
            log(work, order, "erase", answers + " answers, " + rejected + " rejected messages");
            return new Count(answers, rejected);
          });
    }
  }

  private static long eraseAll(LongWork work, String controller) {
    long erased = 0;
    int chunk;
    do {
      chunk =
          work.inTransaction(
              "erase",
              () ->
                  work.sql()
                      .sql(ERASE_ALL)
                      .param("controller", controller)
                      .param("chunk", CHUNK)
                      .update());
      erased += chunk;
    } while (chunk == CHUNK);
    return erased;
  }

  private static long eraseSome(LongWork work, String controller, SqlArrayValue residents) {
    of(work, LOCK, controller, residents).query().listOfRows();
    int whole = of(work, ERASE_WHOLE, controller, residents).update();
    return whole + of(work, ERASE_EARLIER, controller, residents).query(Long.class).single();
  }

  private static StatementSpec of(
      LongWork work, String statement, String controller, SqlArrayValue residents) {
    return work.sql().sql(statement).param("controller", controller).param("residents", residents);
  }

  private static @Nullable SqlArrayValue residents(Order order) {
    if (order.residents() == null) {
      return null;
    }
    List<String> identities = IdentityFile.read(order.residents());
    return new SqlArrayValue("text", identities.toArray());
  }

  private static void log(LongWork work, Order order, String action, String outcome) {
    work.sql()
        .sql(LOG)
        .param("doneBy", order.by())
        .param("action", action)
        .param("subject", order.subject())
        .param("outcome", outcome)
        .update();
  }
}
