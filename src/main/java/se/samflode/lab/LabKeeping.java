package se.samflode.lab;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.support.TransactionTemplate;
import se.samflode.index.IdentityFile;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an organisation may want done with the results that it answers for: handing them out, and
 * erasing them. For the operator's commands; without limit of time. Each leaves a line in {@code
 * lab_log}. Texts of the database's errors are the caller's to keep back. Thread-safe.
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

  private static final String ERASE =
      """
      DELETE FROM lab_record r
       WHERE (r.source_system, r.record_id) IN
             (SELECT o.source_system, o.record_id
                FROM lab_record o
               WHERE o.data_controller = :controller
                 AND (CAST(:before AS timestamptz) IS NULL OR o.changed_at < :before)
                 AND (CAST(:residents AS text[]) IS NULL
                      OR EXISTS (SELECT 1
                                   FROM lab_version v
                                  WHERE v.source_system = o.source_system
                                    AND v.record_id = o.record_id
                                    AND v.resident = ANY (:residents)))
               ORDER BY o.source_system, o.record_id
               LIMIT :chunk
                 FOR UPDATE OF o)\
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

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  /** On a database whose tables are those of this version. */
  public LabKeeping(DataSource dataSource) {
    JdbcTemplate template = new JdbcTemplate(dataSource);
    template.setFetchSize(CHUNK);
    this.jdbc = JdbcClient.create(template);
    this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
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
   */
  public Count export(Order order, Consumer<String> line) {
    SqlArrayValue residents = residents(order);
    long[] count = {0, 0};
    transaction.executeWithoutResult(status -> {
      // Who reads the lines may take his time.
      jdbc.sql("SET LOCAL idle_in_transaction_session_timeout = 0").update();
      jdbc.sql(EXPORT)
          .param("controller", order.controller())
          .param("residents", residents)
          .query(
              (RowCallbackHandler)
                  row -> {
                    count[0]++;
                    line.accept(
                        MAPPER.writeValueAsString(
                            new Exported(
                                row.getString("source_system"),
                                row.getString("record_id"),
                                row.getInt("version"),
                                row.getBoolean("stands"),
                                row.getString("sender"),
                                row.getObject("arrived_at", OffsetDateTime.class).toInstant(),
                                LabJson.read(row.getString("content")))));
                  });
      jdbc.sql(EXPORT_REJECTED)
          .param("controller", order.controller())
          .param("residents", residents)
          .query(
              (RowCallbackHandler)
                  row -> {
                    count[1]++;
                    line.accept(MAPPER.writeValueAsString(rejection(row)));
                  });
      log(order, "export", count[0] + " versions, " + count[1] + " rejected messages");
    });
    return new Count(count[0], count[1]);
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
   * finds them. What has been done stays when it is stopped.
   */
  public Count erase(Order order) {
    SqlArrayValue residents = residents(order);
    long erased = forget(order.controller(), residents, null);
    long[] rejected = {0};
    transaction.executeWithoutResult(status -> {
      rejected[0] =
          jdbc.sql(ERASE_REJECTED)
              .param("controller", order.controller())
              .param("residents", residents)
              .update();
      log(order, "erase", erased + " answers, " + rejected[0] + " rejected messages");
    });
    return new Count(erased, rejected[0]);
  }

  /** Forgets what has not changed for so long. */
  long forgetOlderThan(String controller, Duration retention, Instant now) {
    return forget(controller, null, now.minus(retention));
  }

  private long forget(
      String controller, @Nullable SqlArrayValue residents, @Nullable Instant before) {
    long erased = 0;
    int chunk;
    do {
      chunk =
          Optional.ofNullable(
                  transaction.execute(status ->
                      jdbc.sql(ERASE)
                          .param("controller", controller)
                          .param("residents", residents)
                          .param("before", before == null ? null : before.atOffset(ZoneOffset.UTC))
                          .param("chunk", CHUNK)
                          .update()))
              .orElse(0);
      erased += chunk;
    } while (chunk == CHUNK);
    return erased;
  }

  private static @Nullable SqlArrayValue residents(Order order) {
    if (order.residents() == null) {
      return null;
    }
    List<String> identities = IdentityFile.read(order.residents());
    return new SqlArrayValue("text", identities.toArray());
  }

  private void log(Order order, String action, String outcome) {
    jdbc.sql(LOG)
        .param("doneBy", order.by())
        .param("action", action)
        .param("subject", order.subject())
        .param("outcome", outcome)
        .update();
  }
}
