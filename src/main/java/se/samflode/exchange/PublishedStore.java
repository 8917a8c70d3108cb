package se.samflode.exchange;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import se.samflode.exchange.Leases.Lease;

/**
 * How far the change feed has been published. Thread-safe; every method throws Spring's
 * DataAccessException or TransactionException if the database gives no answer.
 */
@Component
@WithKafka
class PublishedStore {

  /** Begins with the oldest change that the feed has. */
  private static final String BEGIN =
      """
      INSERT INTO published_position (bucket, position)
      SELECT b.bucket,
             coalesce((SELECT c.position - 1 FROM change c
                        WHERE c.bucket = b.bucket ORDER BY c.position LIMIT 1),
                      b.position)
        FROM feed_bucket b
          ON CONFLICT (bucket) DO NOTHING\
      """;

  private static final String POSITIONS =
      """
      SELECT bucket, position FROM published_position\
      """;

  private static final String ADVANCE =
      """
      UPDATE published_position p SET position = n.position
        FROM unnest(:buckets, :positions) AS n (bucket, position)
       WHERE p.bucket = n.bucket\
      """;

  private static final String WAITING =
      """
      SELECT coalesce(sum(b.position - p.position), 0) AS changes,
             min((SELECT c.changed_at FROM change c
                   WHERE c.bucket = b.bucket AND c.position = p.position + 1)) AS oldest
        FROM published_position p JOIN feed_bucket b USING (bucket)
       WHERE b.position > p.position\
      """;

  private final JdbcClient database;
  private final Leases leases;

  PublishedStore(JdbcClient database, Leases leases) {
    this.database = database;
    this.leases = leases;
  }

  /**
   * What has not been published.
   *
   * @param changes their number
   * @param oldest when the oldest of them was made; null if there is none
   */
  record Waiting(long changes, @Nullable Instant oldest) {}

  /** How far has been published, by bucket; the first time, up to what the feed no longer has. */
  Map<Integer, Long> positions() {
    database.sql(BEGIN).update();
    Map<Integer, Long> positions = new HashMap<>();
    database
        .sql(POSITIONS)
        .query(row -> {
          positions.put(row.getInt("bucket"), row.getLong("position"));
        });
    return positions;
  }

  /** Writes how far has been published; false if the lease has gone to another node. */
  boolean advance(Lease lease, Map<Integer, Long> positions) {
    List<Integer> buckets = new ArrayList<>(positions.keySet());
    return leases.whileHeld(
        lease,
        () ->
            database
                .sql(ADVANCE)
                .param("buckets", new SqlArrayValue("smallint", buckets.toArray()))
                .param(
                    "positions",
                    new SqlArrayValue("bigint", buckets.stream().map(positions::get).toArray()))
                .update());
  }

  /** What waits, as any node sees it. */
  Waiting waiting() {
    return database
        .sql(WAITING)
        .query((row, number) -> {
          Timestamp oldest = row.getTimestamp("oldest");
          return new Waiting(row.getLong("changes"), oldest == null ? null : oldest.toInstant());
        })
        .single();
  }
}
