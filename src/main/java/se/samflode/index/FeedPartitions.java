package se.samflode.index;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes the change feed's partitions, a day each (UTC), ahead of time, and drops those that are
 * older than the retention. Every node does it hourly; one at a time. Where it fails, changes go to
 * the rest partition: nothing is refused or lost.
 */
@Component
class FeedPartitions {

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

  private final IndexDatabase database;
  private final IndexSettings settings;
  private final Clock clock;

  FeedPartitions(IndexDatabase database, IndexSettings settings, Clock clock) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
  }

  /** At start, before the first update, and hourly. */
  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
  void keep() {
    try {
      LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
      List<String> dropped = database.inTransaction("feed-partitions", () -> keep(today));
      if (!dropped.isEmpty()) {
        LOG.atInfo()
            .addKeyValue("event", "feed.partitions-dropped")
            .addKeyValue("partitions", dropped)
            .log("days of the change feed that are older than its retention are gone");
      }
    } catch (IndexUnavailable e) {
      e.log(LOG, "feed-partitions");
    }
  }

  private List<String> keep(LocalDate today) {
    JdbcClient changes = database.changes();
    boolean first =
        changes.sql("SELECT pg_try_advisory_xact_lock(" + LOCK + ")").query(Boolean.class).single();
    if (!first) {
      return List.of();
    }
    // An update that is under way must not make all others wait behind us.
    changes.sql("SET LOCAL lock_timeout = '1s'").update();
    List<String> existing = changes.sql(EXISTING).query(EngagementColumns::text).list();
    for (int day = 0; day <= AHEAD; day++) {
      LocalDate from = today.plusDays(day);
      if (!existing.contains(name(from))) {
        // Names and bounds of partitions cannot be parameters; these are dates.
        changes
            .sql(
                "CREATE TABLE %s PARTITION OF change FOR VALUES FROM ('%s 00:00Z') TO ('%s 00:00Z')"
                    .formatted(name(from), from, from.plusDays(1)))
            .update();
      }
    }
    LocalDate oldest = today.minusDays(settings.feedRetention().toDays());
    List<String> old = existing.stream().filter(p -> p.compareTo(name(oldest)) < 0).toList();
    old.forEach(partition -> changes.sql("DROP TABLE " + partition).update());
    changes
        .sql("DELETE FROM change_rest WHERE changed_at < :oldest")
        .param("oldest", oldest.atStartOfDay().atOffset(ZoneOffset.UTC))
        .update();
    changes
        .sql("UPDATE feed_state SET complete_from = greatest(complete_from, :oldest)")
        .param("oldest", oldest.atStartOfDay().atOffset(ZoneOffset.UTC))
        .update();
    return old;
  }

  private static String name(LocalDate day) {
    return "change_" + DAY.format(day);
  }
}
