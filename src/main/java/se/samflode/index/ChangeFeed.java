package se.samflode.index;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/**
 * What has changed in the index, for readers that come back. A reader keeps a position per bucket.
 * Positions of a bucket are drawn under its lock, which is held until the commit, so they become
 * visible in order: whoever has read up to a position has missed nothing before it, however late
 * some transaction commits. They have no gaps: where the first position read is not the one that
 * follows, what lies between has been dropped for its age. Every method throws {@link
 * IndexUnavailable} if the database gives no answer in time. Thread-safe.
 */
@Component
public class ChangeFeed {

  private static final String ENDS =
      """
      SELECT bucket, position FROM feed_bucket WHERE position > 0\
      """;

  private static final String READ =
      "SELECT e.bucket, e.position, e.changed_at, e.deleted, "
          + EngagementColumns.SELECTED
          + """
            FROM unnest(:buckets, :positions) AS n (bucket, position)
           CROSS JOIN LATERAL
                 (SELECT c.*
                    FROM change c
                   WHERE c.bucket = n.bucket AND c.position > n.position
                   ORDER BY c.position
                   LIMIT :ofEach) AS e
           ORDER BY e.bucket, e.position
           LIMIT :limit\
          """;

  private static final String OLDER =
      """
      SELECT n.bucket, n.position
        FROM unnest(:buckets, :positions) AS n (bucket, position)
       CROSS JOIN LATERAL
             (SELECT c.changed_at
                FROM change c
               WHERE c.bucket = n.bucket AND c.position > n.position
               ORDER BY c.position
               LIMIT 1) AS e
       WHERE e.changed_at < :time\
      """;

  private final IndexDatabase database;
  private final IndexSettings settings;

  /** Of the few connections to the database most are left to those who wait for an answer. */
  private final Semaphore atOnce = new Semaphore(2);

  ChangeFeed(IndexDatabase database, IndexSettings settings) {
    this.database = database;
    this.settings = settings;
  }

  /** How long a change is kept, whole days. */
  public Duration retention() {
    return settings.feedRetention();
  }

  /** By the database's clock, as {@link Change#changedAt} is. */
  public Instant now() {
    return IndexDatabase.answered(
        "feed",
        () ->
            database
                .searches()
                .sql("SELECT clock_timestamp()")
                .query((row, number) -> row.getTimestamp(1).toInstant())
                .single());
  }

  /** The last position of each bucket that has one: what is beyond a reader's is news. */
  public Map<Integer, Long> ends() {
    Map<Integer, Long> ends = new TreeMap<>();
    IndexDatabase.answered(
        "feed",
        () -> {
          database
              .searches()
              .sql(ENDS)
              .query(row -> {
                ends.put(row.getInt("bucket"), row.getLong("position"));
              });
          return true;
        });
    return ends;
  }

  /**
   * The changes beyond a position in each of some buckets, bucket after bucket and in each by
   * position. Takes as long as up to {@code ofEach} changes of <em>each</em> bucket take: name no
   * more buckets than it needs to find enough.
   *
   * @param positions by bucket, 0 for a bucket of which nothing has been read
   * @param ofEach most changes of one bucket, 1 or more
   * @param limit most changes to give, 1 or more; those of the last bucket may be cut
   */
  public List<Change> read(Map<Integer, Long> positions, int ofEach, int limit) {
    return inTurn(() ->
        beyond(READ, positions)
            .param("ofEach", ofEach)
            .param("limit", limit)
            .query((row, number) ->
                new Change(
                    row.getInt("bucket"),
                    row.getLong("position"),
                    row.getTimestamp("changed_at").toInstant(),
                    row.getBoolean("deleted"),
                    EngagementColumns.engagement(row, number)))
            .list());
  }

  /** Those of some positions beyond which the first change was made before a time. */
  public NavigableMap<Integer, Long> beforeOld(Map<Integer, Long> positions, Instant time) {
    NavigableMap<Integer, Long> old = new TreeMap<>();
    return inTurn(() -> {
      beyond(OLDER, positions)
          .param("time", time.atOffset(ZoneOffset.UTC))
          .query(row -> {
            old.put(row.getInt("bucket"), row.getLong("position"));
          });
      return old;
    });
  }

  private StatementSpec beyond(String question, Map<Integer, Long> positions) {
    List<Integer> buckets = new ArrayList<>(positions.keySet());
    return database
        .searches()
        .sql(question)
        .param("buckets", new SqlArrayValue("smallint", buckets.toArray()))
        .param(
            "positions",
            new SqlArrayValue("bigint", buckets.stream().map(positions::get).toArray()));
  }

  private <T> T inTurn(Supplier<T> work) {
    atOnce.acquireUninterruptibly();
    try {
      return IndexDatabase.answered("feed", work);
    } finally {
      atOnce.release();
    }
  }
}
