package se.samflode.index;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes the change feed's partitions, a day each (UTC), ahead of time, and drops those that are
 * older than the retention. Every node does it before it takes requests, and hourly; one at a time.
 * Each day is a transaction of its own, so that one that fails holds up no other. Until a day has
 * its partition its changes go to the rest partition: nothing is refused or lost. Before days are
 * made, what is in the rest becomes a partition as it is, for moving rows would take too long;
 * where that fails, only the days that it has cannot be made.
 */
@Component
class FeedPartitions implements SmartInitializingSingleton {

  private static final Logger LOG = LoggerFactory.getLogger(FeedPartitions.class);

  /** Days that have a partition beside today. */
  private static final int AHEAD = 3;

  /** Any number that nothing else locks. */
  private static final long LOCK = 7_301_936_002L;

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd");

  private static final String EXISTING =
      """
      SELECT c.relname
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'change'::regclass AND c.relname ~ '^change_[0-9]{8}$'
       ORDER BY c.relname\
      """;

  private static final String TODAY =
      """
      SELECT CAST(clock_timestamp() AT TIME ZONE 'UTC' AS date)\
      """;

  private static final String REST_IS_EMPTY =
      """
      SELECT NOT EXISTS (SELECT FROM change_rest)\
      """;

  private static final String DAYS_IN_REST =
      """
      SELECT min(changed_at) AS first, max(changed_at) AS last FROM change_rest\
      """;

  /**
   * Makes the rest a partition of the days that it has, named after the last of them, and a new
   * rest. Names and bounds of partitions cannot be parameters; these are dates.
   */
  private static final List<String> REST_BECOMES_DAYS =
      List.of(
          "ALTER TABLE change DETACH PARTITION change_rest",
          "ALTER TABLE change_rest RENAME TO :name:",
          """
          ALTER TABLE change ATTACH PARTITION :name:
            FOR VALUES FROM (':from: 00:00Z') TO (':to: 00:00Z')\
          """,
          "CREATE TABLE change_rest PARTITION OF change DEFAULT");

  /** Attaching locks the feed less than creating in place would. */
  private static final List<String> MAKE =
      List.of(
          "CREATE TABLE :name: (LIKE change)",
          """
          ALTER TABLE change ATTACH PARTITION :name:
            FOR VALUES FROM (':from: 00:00Z') TO (':to: 00:00Z')\
          """);

  private static final String COMPLETE_FROM =
      """
      UPDATE feed_state SET complete_from = greatest(complete_from, :oldest)\
      """;

  private final IndexDatabase database;
  private final IndexSettings settings;

  FeedPartitions(IndexDatabase database, IndexSettings settings) {
    this.database = database;
    this.settings = settings;
  }

  @Override
  public void afterSingletonsInstantiated() {
    keep();
  }

  @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.HOURS)
  void keep() {
    today().ifPresent(this::keep);
  }

  /**
   * By the database's clock, as changes are: a node whose clock is wrong must not drop the feed.
   */
  private Optional<LocalDate> today() {
    try {
      return Optional.of(
          database.inTransaction(
              "feed-partitions",
              () -> database.changes().sql(TODAY).query(LocalDate.class).single()));
    } catch (IndexUnavailable e) {
      e.log(LOG, "feed-partitions");
      return Optional.empty();
    }
  }

  /** As it is done on a day. */
  void keep(LocalDate today) {
    step(this::emptyRest);
    for (int day = 0; day <= AHEAD; day++) {
      LocalDate from = today.plusDays(day);
      step(() -> make(from));
    }
    LocalDate oldest = today.minusDays(settings.feedRetention().toDays());
    OffsetDateTime before = oldest.atStartOfDay().atOffset(ZoneOffset.UTC);
    List<String> dropped = new ArrayList<>();
    for (String old : olderThan(name(oldest))) {
      if (step(() -> drop(old, before))) {
        dropped.add(old);
      }
    }
    if (!dropped.isEmpty()) {
      LOG.atInfo()
          .addKeyValue("event", "feed.partitions-dropped")
          .addKeyValue("partitions", dropped)
          .log("days of the change feed that are older than its retention are gone");
    }
  }

  /** Does one thing as a transaction; false if it failed, or another node is at it. */
  private boolean step(BooleanSupplier work) {
    try {
      return database.inTransaction("feed-partitions", () -> isAlone() && work.getAsBoolean());
    } catch (IndexUnavailable e) {
      e.log(LOG, "feed-partitions");
      return false;
    }
  }

  private boolean isAlone() {
    // An update that is under way must not make all others wait behind us.
    database.changes().sql("SET LOCAL lock_timeout = '1s'").update();
    return database
        .changes()
        .sql("SELECT pg_try_advisory_xact_lock(" + LOCK + ")")
        .query(Boolean.class)
        .single();
  }

  /** Takes no longer than reading the rest twice, whatever it has. */
  private boolean emptyRest() {
    if (database.changes().sql(REST_IS_EMPTY).query(Boolean.class).single()) {
      return true;
    }
    database.changes().sql("LOCK TABLE change IN ACCESS EXCLUSIVE MODE").update();
    database
        .changes()
        .sql(DAYS_IN_REST)
        .query(row -> {
          LocalDate first = day(row, "first");
          LocalDate last = day(row, "last");
          if (first != null && last != null) {
            run(REST_BECOMES_DAYS, last, first, last.plusDays(1));
          }
        });
    return true;
  }

  private static @Nullable LocalDate day(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDate();
  }

  private boolean make(LocalDate day) {
    if (!existing().contains(name(day))) {
      run(MAKE, day, day, day.plusDays(1));
    }
    return true;
  }

  private void run(List<String> statements, LocalDate named, LocalDate from, LocalDate to) {
    statements.forEach(statement ->
        database
            .changes()
            .sql(
                statement
                    .replace(":name:", name(named))
                    .replace(":from:", from.toString())
                    .replace(":to:", to.toString()))
            .update());
  }

  private boolean drop(String partition, OffsetDateTime before) {
    if (!existing().contains(partition)) {
      return false;
    }
    database.changes().sql(COMPLETE_FROM).param("oldest", before).update();
    database.changes().sql("DROP TABLE " + partition).update();
    return true;
  }

  private List<String> olderThan(String oldest) {
    List<String> old = new ArrayList<>();
    step(() -> old.addAll(existing().stream().filter(p -> p.compareTo(oldest) < 0).toList()));
    return old;
  }

  private List<String> existing() {
    return database.changes().sql(EXISTING).query(EngagementColumns::text).list();
  }

  private static String name(LocalDate day) {
    return "change_" + DAY.format(day);
  }
}
