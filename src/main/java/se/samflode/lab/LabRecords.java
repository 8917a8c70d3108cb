package se.samflode.lab;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import se.samflode.access.Sender;
import se.samflode.index.IndexDatabase;
import se.samflode.index.IndexUnavailable;

/**
 * What a sender can ask of its own records. Throws {@link IndexUnavailable} if the database gives
 * no answer in time. Thread-safe.
 */
@Component
public class LabRecords {

  private static final String SINCE =
      """
        FROM lab_record r
       WHERE r.source_system = ANY (:sourceSystems) AND r.changed_at >= :since\
      """;

  private static final String LIST =
      """
      SELECT r.source_system, r.record_id, r.versions, r.withdrawn, r.first_arrival, r.changed_at,
             (SELECT v.status
                FROM lab_version v
               WHERE v.source_system = r.source_system AND v.record_id = r.record_id
                 AND v.version = r.version) AS status\
      """
          + "\n"
          + SINCE
          + """

             AND (r.changed_at, r.source_system, r.record_id)
                 > (:afterTime, :afterSystem, :afterRecord)
           ORDER BY r.changed_at, r.source_system, r.record_id
           LIMIT :limit\
          """;

  private static final String COUNT = "SELECT count(*)\n" + SINCE;

  private final IndexDatabase database;

  LabRecords(IndexDatabase database) {
    this.database = database;
  }

  /**
   * A record that is held.
   *
   * @param versions distinct contents that have come, 1 or more
   * @param status of the version that stands
   * @param changed when the last of them came
   */
  public record HeldRecord(
      String sourceSystem,
      String recordId,
      int versions,
      String status,
      boolean withdrawn,
      Instant firstArrival,
      Instant changed) {}

  /** Where a page ended. */
  public record Mark(Instant changed, String sourceSystem, String recordId) {}

  /** How many of a sender's records have changed since a time. */
  public long count(Sender sender, Instant since) {
    return IndexDatabase.answered(
        "lab-records",
        () ->
            database
                .searches()
                .sql(COUNT)
                .param("sourceSystems", sourceSystems(sender))
                .param("since", since.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single());
  }

  /**
   * A sender's records that have changed since a time, in the order in which they did.
   *
   * @param after where the page before ended; {@code null} to begin
   * @param limit 1 or more
   */
  public List<HeldRecord> list(Sender sender, Instant since, @Nullable Mark after, int limit) {
    // What the pages before had is not read again only to be left out.
    Instant from = after == null || after.changed().isBefore(since) ? since : after.changed();
    return IndexDatabase.answered(
        "lab-records",
        () ->
            database
                .searches()
                .sql(LIST)
                .param("sourceSystems", sourceSystems(sender))
                .param("since", from.atOffset(ZoneOffset.UTC))
                .param(
                    "afterTime",
                    (after == null ? Instant.EPOCH : after.changed()).atOffset(ZoneOffset.UTC))
                .param("afterSystem", after == null ? "" : after.sourceSystem())
                .param("afterRecord", after == null ? "" : after.recordId())
                .param("limit", limit)
                .query((row, number) ->
                    new HeldRecord(
                        row.getString("source_system"),
                        row.getString("record_id"),
                        row.getInt("versions"),
                        row.getString("status"),
                        row.getBoolean("withdrawn"),
                        row.getObject("first_arrival", OffsetDateTime.class).toInstant(),
                        row.getObject("changed_at", OffsetDateTime.class).toInstant()))
                .list());
  }

  private static SqlArrayValue sourceSystems(Sender sender) {
    return new SqlArrayValue(
        "text", sender.sourceSystems().stream().map(system -> system.address().value()).toArray());
  }
}
