package se.samflode.lab;

import java.lang.reflect.Array;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import se.samflode.access.Sender;
import se.samflode.contract.SwedishTime;
import se.samflode.index.Engagement;
import se.samflode.index.IndexDatabase;
import se.samflode.index.IndexUnavailable;
import se.samflode.index.IndexWriter;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.Receipt.Outcome;
import se.samflode.lab.Receipt.StoredRecord;
import se.samflode.lab.RecordVersions.Added;
import se.samflode.lab.RecordVersions.SourceRecord;

/**
 * Keeps versions of answers. What a call is given is one transaction: versions, which of them
 * stands, tombstones, engagements, the index's versions and the change feed. Throws {@link
 * IndexUnavailable} if the database gives no answer in time; then nothing is stored. Thread-safe.
 */
@Component
class LabStore {

  /** Where the index knows of laboratories' answers: contract GetLaboratoryOrderOutcome. */
  static final String SERVICE_DOMAIN = "riv:clinicalprocess:healthcond:actoutcome";

  private static final String CATEGORIZATION = "und-kkm-ure";
  private static final String NOT_APPLICABLE = "NA";

  private static final String NEW_MESSAGE =
      """
      INSERT INTO lab_message (sender, message_id, digest, received_at)
      VALUES (:sender, :messageId, :digest, clock_timestamp())
          ON CONFLICT DO NOTHING\
      """;

  private static final String KNOWN_MESSAGE =
      """
      SELECT digest FROM lab_message WHERE sender = :sender AND message_id = :messageId\
      """;

  /** Given in ascending order. Locks a row that is there by rewriting it as it is. */
  private static final String LOCK_RECORDS =
      """
      INSERT INTO lab_record AS r
             (source_system, record_id, version, versions, resident, withdrawn,
              data_controller, first_arrival, release_at, changed_at)
      SELECT n.source_system, n.record_id, 0, 0, '', true, '',
             clock_timestamp(), clock_timestamp(), clock_timestamp()
        FROM unnest(:sourceSystems, :recordIds) AS n (source_system, record_id)
          ON CONFLICT (source_system, record_id) DO UPDATE SET versions = r.versions
      RETURNING clock_timestamp() AS now\
      """;

  private static final String VERSIONS =
      """
      SELECT v.source_system, v.record_id, v.version, v.digest, v.sequence, v.status,
             v.partly_withdrawn, v.source_time, v.arrived_at, v.resident,
             v.version = r.version AS stands
        FROM unnest(:sourceSystems, :recordIds) AS n (source_system, record_id)
        JOIN lab_record r USING (source_system, record_id)
        JOIN lab_version v USING (source_system, record_id)\
      """;

  private static final String ADD_VERSION =
      """
      INSERT INTO lab_version
             (source_system, record_id, version, digest, sender, way, arrived_at, sequence,
              status, partly_withdrawn, source_time, resident, data_controller, content)
      SELECT n.source_system, n.record_id, n.version, n.digest, :sender, :way, :now, n.sequence,
             n.status, n.partly_withdrawn, n.source_time, n.resident, n.data_controller, n.content
        FROM unnest(:sourceSystems, :recordIds, :versions, :digests, :sequences, :statuses,
                    :partlyWithdrawn, CAST(:sourceTimes AS timestamptz[]), :residents,
                    :dataControllers, :contents)
             AS n (source_system, record_id, version, digest, sequence, status, partly_withdrawn,
                   source_time, resident, data_controller, content)\
      """;

  private static final String LET_STAND =
      """
      UPDATE lab_record r
         SET version = n.version, versions = n.versions, resident = n.resident,
             withdrawn = n.withdrawn, data_controller = n.data_controller,
             release_at = coalesce(n.release_at, r.release_at), changed_at = :now
        FROM unnest(:sourceSystems, :recordIds, :versions, :counts, :residents, :withdrawn,
                    :dataControllers, CAST(:releases AS timestamptz[]))
             AS n (source_system, record_id, version, versions, resident, withdrawn,
                   data_controller, release_at)
       WHERE r.source_system = n.source_system AND r.record_id = n.record_id\
      """;

  private static final String BURY =
      """
      INSERT INTO lab_tombstone
             (resident, source_system, record_id, withdrawn_at, data_controller, reason)
      SELECT n.resident, n.source_system, n.record_id, :now, n.data_controller, n.reason
        FROM unnest(:residents, :sourceSystems, :recordIds, :dataControllers, :reasons, :anew)
             AS n (resident, source_system, record_id, data_controller, reason, anew)
       WHERE n.anew
          OR NOT EXISTS (SELECT 1 FROM lab_tombstone t
                          WHERE t.resident = n.resident AND t.source_system = n.source_system
                            AND t.record_id = n.record_id)
          ON CONFLICT (resident, source_system, record_id)
          DO UPDATE SET withdrawn_at = EXCLUDED.withdrawn_at, reason = EXCLUDED.reason\
      """;

  private static final String UNEARTH =
      """
      DELETE FROM lab_tombstone t
       USING unnest(:residents, :sourceSystems, :recordIds) AS n (resident, source_system, record_id)
       WHERE t.resident = n.resident AND t.source_system = n.source_system
         AND t.record_id = n.record_id\
      """;

  private final IndexDatabase database;
  private final IndexWriter index;

  LabStore(IndexDatabase database, IndexWriter index) {
    this.database = database;
    this.index = index;
  }

  /**
   * Stores all answers of a message. The same content again changes nothing.
   *
   * @param messageId see {@link Delivery.Read#id}
   * @return what became of each, in the order given
   * @throws LabRejected if the id of the message was used for another content
   */
  List<StoredRecord> store(Delivery delivery, @Nullable String messageId, List<LabReport> reports)
      throws LabRejected {
    List<StoredRecord> stored =
        database.inTransaction(
            "lab-results",
            () -> {
              Came came = messageId == null ? Came.FIRST : came(delivery, messageId);
              return came == Came.AS_ANOTHER
                  ? List.of()
                  : stored(delivery, reports, came == Came.AGAIN || isReadAgain(delivery, reports));
            });
    if (stored.isEmpty()) {
      throw new LabRejected(
          Code.MESSAGE_ID, "", "the id of this message was used for another; give it its own");
    }
    return stored;
  }

  /** Whether a message has been taken in under an id. */
  private enum Came {
    FIRST,
    AGAIN,
    /** With another content. */
    AS_ANOTHER
  }

  /** Only where it matters: each is a row that is kept for weeks. */
  private boolean isReadAgain(Delivery delivery, List<LabReport> reports) {
    String place = delivery.place();
    return place != null
        && reports.stream().anyMatch(LabReport::withdrawsWithoutTime)
        && came(delivery, place) == Came.AGAIN;
  }

  private Came came(Delivery delivery, String messageId) {
    byte[] digest = sha256(delivery.content());
    int made =
        database
            .changes()
            .sql(NEW_MESSAGE)
            .param("sender", delivery.sender().id())
            .param("messageId", messageId)
            .param("digest", digest)
            .update();
    if (made > 0) {
      return Came.FIRST;
    }
    byte[] known =
        database
            .changes()
            .sql(KNOWN_MESSAGE)
            .param("sender", delivery.sender().id())
            .param("messageId", messageId)
            .query((row, number) -> row.getBytes(1))
            .single();
    return Arrays.equals(digest, known) ? Came.AGAIN : Came.AS_ANOTHER;
  }

  /**
   * @param again whether the message was taken in before
   */
  private List<StoredRecord> stored(Delivery delivery, List<LabReport> reports, boolean again) {
    SortedMap<SourceRecord, RecordVersions> records = new TreeMap<>();
    List<RecordVersions> ofEach =
        reports.stream()
            .map(report ->
                records.computeIfAbsent(SourceRecord.of(report), key -> new RecordVersions()))
            .toList();
    List<SourceRecord> keys = List.copyOf(records.keySet());
    Instant now = lock(keys);
    load(keys, records);
    List<Told> told = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      LabReport report = reports.get(i);
      RecordVersions record = ofEach.get(i);
      told.add(new Told(SourceRecord.of(report), record, record.add(report, now, again)));
    }
    records.values().forEach(RecordVersions::decide);
    Map<SourceRecord, RecordVersions> changed = new LinkedHashMap<>();
    records.forEach((key, record) -> {
      if (!record.added().isEmpty() || !record.stoodBefore()) {
        changed.put(key, record);
      }
    });
    if (!changed.isEmpty()) {
      write(delivery, changed, now);
    }
    return told.stream().map(Told::stored).toList();
  }

  private Instant lock(List<SourceRecord> keys) {
    List<Instant> times = new ArrayList<>();
    keys(database.changes().sql(LOCK_RECORDS), keys)
        .query((RowCallbackHandler) row -> times.add(instant(row, "now")));
    return times.getLast();
  }

  private void load(List<SourceRecord> keys, Map<SourceRecord, RecordVersions> records) {
    keys(database.changes().sql(VERSIONS), keys)
        .query(row -> {
          RecordVersions record = records.get(SourceRecord.of(row));
          if (record != null) {
            OffsetDateTime time = row.getObject("source_time", OffsetDateTime.class);
            record.known(
                new Standing.Candidate(
                    row.getInt("version"),
                    (Long) row.getObject("sequence"),
                    ReportStatus.valueOf(row.getString("status")),
                    row.getBoolean("partly_withdrawn"),
                    time == null ? null : time.toInstant(),
                    instant(row, "arrived_at"),
                    row.getString("resident")),
                row.getBytes("digest"),
                row.getBoolean("stands"));
          }
        });
  }

  private void write(Delivery delivery, Map<SourceRecord, RecordVersions> changed, Instant now) {
    add(delivery, changed, now);
    letStand(delivery.sender(), changed, now);
    bury(delivery.sender(), changed, now);
    index.renew(engagements(delivery.sender(), changed, now));
  }

  private void add(Delivery delivery, Map<SourceRecord, RecordVersions> changed, Instant now) {
    List<Added> added = new ArrayList<>();
    changed.forEach((key, record) -> added.addAll(record.added()));
    statement(ADD_VERSION, added, Added::key)
        .param("sender", delivery.sender().id())
        .param("way", delivery.way().name())
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("versions", array("integer", added, a -> a.candidate().number()))
        .param("digests", array("bytea", added, Added::digest))
        .param("sequences", array("bigint", added, a -> a.report().sequence()))
        .param("statuses", array("text", added, a -> a.report().status().name()))
        .param("partlyWithdrawn", array("boolean", added, a -> a.candidate().partlyWithdrawn()))
        .param("sourceTimes", array("text", added, a -> text(a.report().time())))
        .param("residents", array("text", added, a -> a.report().resident()))
        .param(
            "dataControllers",
            array("text", added, a -> controller(delivery.sender(), a.key().sourceSystem())))
        .param("contents", array("text", added, Added::content))
        .update();
  }

  private void letStand(Sender sender, Map<SourceRecord, RecordVersions> changed, Instant now) {
    List<Map.Entry<SourceRecord, RecordVersions>> all = List.copyOf(changed.entrySet());
    statement(LET_STAND, all, Map.Entry::getKey)
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("versions", array("integer", all, e -> e.getValue().standing().number()))
        .param("counts", array("integer", all, e -> e.getValue().count()))
        .param("residents", array("text", all, e -> e.getValue().standingResident()))
        .param("withdrawn", array("boolean", all, e -> e.getValue().isWithdrawn()))
        .param(
            "dataControllers",
            array("text", all, e -> controller(sender, e.getKey().sourceSystem())))
        .param("releases", array("text", all, e -> text(e.getValue().release(sender, e.getKey()))))
        .update();
  }

  /** Marks what a resident must not see any more, and takes away the marks of what he may see. */
  private void bury(Sender sender, Map<SourceRecord, RecordVersions> changed, Instant now) {
    List<Grave> graves = new ArrayList<>();
    List<Grave> anew = new ArrayList<>();
    changed.forEach((key, record) -> {
      for (String resident : record.residents()) {
        if (record.isWithdrawn()) {
          graves.add(new Grave(resident, key, record.reason(), record.standingIsNew()));
        } else if (!resident.equals(record.standingResident())) {
          graves.add(new Grave(resident, key, "it is about another resident", false));
        } else if (record.count() > record.added().size()) {
          anew.add(new Grave(resident, key, "", false));
        }
      }
    });
    if (!graves.isEmpty()) {
      statement(BURY, graves, Grave::key)
          .param("now", now.atOffset(ZoneOffset.UTC))
          .param("residents", array("text", graves, Grave::resident))
          .param(
              "dataControllers",
              array("text", graves, g -> controller(sender, g.key().sourceSystem())))
          .param("reasons", array("text", graves, Grave::reason))
          .param("anew", array("boolean", graves, Grave::anew))
          .update();
    }
    if (!anew.isEmpty()) {
      statement(UNEARTH, anew, Grave::key)
          .param("residents", array("text", anew, Grave::resident))
          .update();
    }
  }

  /**
   * That there is something new at the source, for every resident whom it has been about: what is
   * taken away counts too. An engagement is never deleted, since the source may have more.
   */
  private static List<Engagement> engagements(
      Sender sender, Map<SourceRecord, RecordVersions> changed, Instant now) {
    Map<List<String>, Engagement> told = new LinkedHashMap<>();
    changed.forEach((key, record) -> {
      for (String resident : record.residents()) {
        told.computeIfAbsent(
            List.of(resident, key.sourceSystem()),
            k ->
                new Engagement(
                    resident,
                    SERVICE_DOMAIN,
                    CATEGORIZATION,
                    key.sourceSystem(),
                    NOT_APPLICABLE,
                    NOT_APPLICABLE,
                    SwedishTime.format(now),
                    key.sourceSystem(),
                    null,
                    null,
                    controller(sender, key.sourceSystem()),
                    ""));
      }
    });
    return List.copyOf(told.values());
  }

  private static String controller(Sender sender, String sourceSystem) {
    return sender.sourceSystem(sourceSystem).orElseThrow().dataController();
  }

  /**
   * @param anew whether a mark that is there already gets this time and reason
   */
  private record Grave(String resident, SourceRecord key, String reason, boolean anew) {

    @Override
    public String toString() {
      return "Grave[redacted]";
    }
  }

  private record Told(SourceRecord key, RecordVersions record, Standing.@Nullable Candidate added) {

    StoredRecord stored() {
      Outcome outcome =
          added == null
              ? Outcome.KNOWN
              : added.number() == record.standing().number() ? Outcome.STANDS : Outcome.SUPERSEDED;
      return new StoredRecord(
          key.sourceSystem(),
          key.recordId(),
          outcome,
          added != null && record.conflict() && added.isLevelWith(record.standing()));
    }
  }

  private <T> StatementSpec statement(String sql, List<T> rows, Function<T, SourceRecord> key) {
    return keys(database.changes().sql(sql), rows.stream().map(key).toList());
  }

  private static StatementSpec keys(StatementSpec statement, List<SourceRecord> keys) {
    return statement
        .param("sourceSystems", array("text", keys, SourceRecord::sourceSystem))
        .param("recordIds", array("text", keys, SourceRecord::recordId));
  }

  /** The driver wants an array of the type's own class. */
  private static <T> SqlArrayValue array(
      String type, List<T> rows, Function<T, @Nullable Object> column) {
    Class<?> of =
        switch (type) {
          case "text" -> String.class;
          case "integer" -> Integer.class;
          case "bigint" -> Long.class;
          case "boolean" -> Boolean.class;
          case "bytea" -> byte[].class;
          default -> throw new IllegalArgumentException(type);
        };
    Object values = Array.newInstance(of, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Array.set(values, i, column.apply(rows.get(i)));
    }
    return new SqlArrayValue(type, (Object[]) values);
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException broken) {
      throw new IllegalStateException("every Java has SHA-256", broken);
    }
  }
}
