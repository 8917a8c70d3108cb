package se.samflode.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
   * Hands out every version of every answer.
   *
   * @param line takes one JSON object at a time
   * @return how many
   */
  public long export(Order order, Consumer<String> line) {
    SqlArrayValue residents = residents(order);
    long[] count = {0};
    transaction.executeWithoutResult(status -> {
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
      log(order, "export", count[0] + " versions");
    });
    return count[0];
  }

  /**
   * Erases answers with all their versions and tombstones. What has been done stays when it is
   * stopped.
   *
   * @return how many answers
   */
  public long erase(Order order) {
    long erased = forget(order.controller(), residents(order), null);
    transaction.executeWithoutResult(status -> log(order, "erase", erased + " answers"));
    return erased;
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
