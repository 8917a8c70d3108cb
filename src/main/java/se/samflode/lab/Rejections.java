package se.samflode.lab;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import se.samflode.access.Sender;
import se.samflode.index.IndexDatabase;
import se.samflode.index.IndexUnavailable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The messages that were not taken. Throws {@link IndexUnavailable} if the database gives no answer
 * in time. Thread-safe.
 */
@Component
public class Rejections {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final String KEEP =
      """
      INSERT INTO lab_rejection
             (sender, way, format, message_id, rejected_at, faults, content, data_controllers)
      VALUES (:sender, :way, :format, :messageId, clock_timestamp(), CAST(:faults AS jsonb), :content,
              :dataControllers)
      RETURNING id\
      """;

  private static final String LIST =
      """
      SELECT id, way, format, message_id, rejected_at, faults, content IS NOT NULL AS kept, stored_at
        FROM lab_rejection
       WHERE sender = :sender AND rejected_at >= :since AND id > :after
       ORDER BY id
       LIMIT :limit\
      """;

  private static final String ONE =
      """
      SELECT way, format, content FROM lab_rejection WHERE sender = :sender AND id = :id\
      """;

  private static final String DONE =
      """
      UPDATE lab_rejection SET stored_at = clock_timestamp()
       WHERE sender = :sender AND id = :id AND stored_at IS NULL\
      """;

  private static final String LOG =
      """
      INSERT INTO lab_log (done_by, action, subject, outcome)
      VALUES (:doneBy, :action, :subject, :outcome)\
      """;

  private final IndexDatabase database;

  Rejections(IndexDatabase database) {
    this.database = database;
  }

  /**
   * A rejected message as its sender sees it.
   *
   * @param kept whether it can be taken again
   * @param stored when it was taken after all
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rejection(
      long id,
      String way,
      String format,
      @Nullable String messageId,
      Instant rejected,
      List<LabFault> faults,
      boolean kept,
      @Nullable Instant stored) {

    /** Copies the list. */
    public Rejection {
      faults = List.copyOf(faults);
    }
  }

  /** The number under which it is kept. */
  Long keep(
      Delivery delivery, @Nullable String messageId, List<LabFault> faults, boolean withContent) {
    return database.inTransaction(
        "lab-rejection",
        () ->
            database
                .changes()
                .sql(KEEP)
                .param("sender", delivery.sender().id())
                .param("way", delivery.way().name())
                .param("format", delivery.format().name())
                .param("messageId", messageId)
                .param("faults", MAPPER.writeValueAsString(faults))
                .param("content", withContent ? delivery.content() : null)
                .param(
                    "dataControllers",
                    new SqlArrayValue("text", dataControllers(delivery.sender()).toArray()))
                .query(Long.class)
                .single());
  }

  private static List<String> dataControllers(Sender sender) {
    return sender.sourceSystems().stream()
        .map(Sender.SourceSystem::dataController)
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * Those of a sender since a time, beyond a number, in ascending order.
   *
   * @param after 0 to begin
   * @param limit 1 or more
   */
  public List<Rejection> list(Sender sender, Instant since, long after, int limit) {
    return IndexDatabase.answered(
        "lab-rejections",
        () ->
            database
                .searches()
                .sql(LIST)
                .param("sender", sender.id())
                .param("since", since.atOffset(ZoneOffset.UTC))
                .param("after", after)
                .param("limit", limit)
                .query(Rejections::rejection)
                .list());
  }

  private static Rejection rejection(ResultSet row, int number) throws SQLException {
    OffsetDateTime stored = row.getObject("stored_at", OffsetDateTime.class);
    return new Rejection(
        row.getLong("id"),
        row.getString("way"),
        row.getString("format"),
        row.getString("message_id"),
        row.getObject("rejected_at", OffsetDateTime.class).toInstant(),
        List.of(MAPPER.readValue(row.getString("faults"), LabFault[].class)),
        row.getBoolean("kept"),
        stored == null ? null : stored.toInstant());
  }

  /** The message as it came; empty if there is none of the sender, or it was not kept. */
  Optional<Delivery> message(Sender sender, long id) {
    return IndexDatabase.answered(
        "lab-rejection",
        () ->
            database
                .searches()
                .sql(ONE)
                .param("sender", sender.id())
                .param("id", id)
                .query((row, number) -> message(row, sender))
                .optional()
                .flatMap(found -> found));
  }

  private static Optional<Delivery> message(ResultSet row, Sender sender) throws SQLException {
    byte[] content = row.getBytes("content");
    return content == null
        ? Optional.empty()
        : Optional.of(
            new Delivery(
                sender,
                Delivery.Way.valueOf(row.getString("way")),
                Delivery.Format.valueOf(row.getString("format")),
                content));
  }

  /** Notes that it was taken after all. */
  void done(Sender sender, long id) {
    database.inTransaction(
        "lab-rejection",
        () -> database.changes().sql(DONE).param("sender", sender.id()).param("id", id).update());
  }

  /**
   * Adds a line to the log of what was done by hand.
   *
   * @param outcome {@code done}, {@code refused}, or {@code failed}: what came of it is not known
   */
  void log(String doneBy, String action, String subject, String outcome) {
    database.inTransaction(
        "lab-log",
        () ->
            database
                .changes()
                .sql(LOG)
                .param("doneBy", doneBy)
                .param("action", action)
                .param("subject", subject)
                .param("outcome", outcome)
                .update());
  }
}
