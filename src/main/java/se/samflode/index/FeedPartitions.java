package se.samflode.index;

import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes the change feed's partitions, a day each (UTC), ahead of time, and drops those that are
 * older than the retention. Every node does it before it takes requests, and hourly; one at a time.
 * Each day is a transaction of its own, so that one that fails holds up no other. Until a day has
 * its partition its changes go to the rest partition: nothing is refused or lost.
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

  /**
   * Takes over what the rest partition has of the day. Attaching locks the feed less than creating
   * in place would. Names and bounds of partitions cannot be parameters; these are dates.
   */
  private static final List<String> MAKE =
      List.of(
          "CREATE TABLE :name: (LIKE change)",
          "LOCK TABLE change_rest IN ACCESS EXCLUSIVE MODE",
          """
          WITH moved AS (
            DELETE FROM change_rest
             WHERE changed_at >= ':from: 00:00Z' AND changed_at < ':to: 00:00Z'
            RETURNING *
          )
          INSERT INTO :name: SELECT * FROM moved\
          """,
          """
          ALTER TABLE change ATTACH PARTITION :name:
            FOR VALUES FROM (':from: 00:00Z') TO (':to: 00:00Z')\
          """);

  private static final String COMPLETE_FROM =
      """
      UPDATE feed_state SET complete_from = greatest(complete_from, :oldest)\
      """;

  private static final String CLEAR_REST =
      """
      DELETE FROM change_rest WHERE changed_at < :oldest\
      """;

  private final IndexDatabase database;
  private final IndexSettings settings;
  private final Clock clock;

  FeedPartitions(IndexDatabase database, IndexSettings settings, Clock clock) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public void afterSingletonsInstantiated() {
    keep();
  }

  @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.HOURS)
  void keep() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
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
    step(() -> clearRest(before));
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

  private boolean make(LocalDate day) {
    if (!existing().contains(name(day))) {
      MAKE.forEach(statement ->
          database
              .changes()
              .sql(
                  statement
                      .replace(":name:", name(day))
                      .replace(":from:", day.toString())
                      .replace(":to:", day.plusDays(1).toString()))
              .update());
    }
    return true;
  }

  private boolean drop(String partition, OffsetDateTime before) {
    if (!existing().contains(partition)) {
      return false;
    }
    database.changes().sql(COMPLETE_FROM).param("oldest", before).update();
    database.changes().sql("DROP TABLE " + partition).update();
    return true;
  }

  private boolean clearRest(OffsetDateTime before) {
    database.changes().sql(COMPLETE_FROM).param("oldest", before).update();
    database.changes().sql(CLEAR_REST).param("oldest", before).update();
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
