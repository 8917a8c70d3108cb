package se.samflode.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What was sent to the index about each key, and what was acknowledged: written outside the
 * application and the database. Every change has a time of its own, by which it is found again. One
 * thread writes about a key at a time.
 */
final class Ledger {

  /**
   * One change sent.
   *
   * @param time the mostRecentContent it was sent with
   */
  record Sent(String time, boolean deleted, boolean acknowledged) {}

  /** A change as the feed or a subscriber has it. */
  record Told(String time, boolean deleted) {}

  private final Map<String, List<Sent>> byKey = new ConcurrentHashMap<>();

  void write(String key, Sent sent) {
    byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(sent);
  }

  long acknowledged() {
    return byKey.values().stream().flatMap(List::stream).filter(Sent::acknowledged).count();
  }

  long unanswered() {
    return byKey.values().stream().flatMap(List::stream).filter(s -> !s.acknowledged()).count();
  }

  /** Compares with what the database holds; to be called when nobody writes. */
  void check(JdbcClient database) {
    Map<String, String> rows = rows(database);
    Map<String, List<Told>> feed = feed(database);
    byKey.forEach((key, sent) -> {
      List<Told> told = feed.getOrDefault(key, List.of());
      assertThat(told).as("feed of %s", key).doesNotHaveDuplicates();
      assertThat(expected(sent, told)).as("feed of %s", key).isEqualTo(told);
      Told last = told.isEmpty() ? null : told.getLast();
      @Nullable String stands = last == null || last.deleted() ? null : last.time();
      assertThat(rows.get(key)).as("row of %s", key).isEqualTo(stands);
    });
    assertThat(byKey.keySet()).containsAll(rows.keySet());
    noGaps(database);
  }

  /** What the feed must hold: all that was acknowledged, and what else of the sent it does hold. */
  private static List<Told> expected(List<Sent> sent, List<Told> told) {
    Set<Told> held = new HashSet<>(told);
    return sent.stream()
        .filter(one -> one.acknowledged() || held.contains(new Told(one.time(), one.deleted())))
        .map(one -> new Told(one.time(), one.deleted()))
        .toList();
  }

  private static Map<String, String> rows(JdbcClient database) {
    Map<String, String> rows = new TreeMap<>();
    database
        .sql(
            """
            SELECT business_object_instance_identifier AS key,
                   to_char(most_recent_content, 'YYYYMMDDHH24MISS') AS time
              FROM engagement\
            """)
        .query(row -> {
          rows.put(row.getString("key"), row.getString("time"));
        });
    return rows;
  }

  /** The feed's entries of each key, in order. */
  static Map<String, List<Told>> feed(JdbcClient database) {
    Map<String, List<Told>> feed = new TreeMap<>();
    database
        .sql(
            """
            SELECT business_object_instance_identifier AS key,
                   to_char(most_recent_content, 'YYYYMMDDHH24MISS') AS time, deleted
              FROM change
             ORDER BY bucket, position\
            """)
        .query(row -> {
          feed.computeIfAbsent(row.getString("key"), k -> new ArrayList<>())
              .add(new Told(row.getString("time"), row.getBoolean("deleted")));
        });
    return feed;
  }

  private static void noGaps(JdbcClient database) {
    assertThat(
            database
                .sql(
                    """
                    SELECT count(*)
                      FROM feed_bucket b
                      LEFT JOIN (SELECT bucket, count(*) AS entries, max(position) AS last
                                   FROM change GROUP BY bucket) c USING (bucket)
                     WHERE coalesce(c.entries, 0) <> b.position
                        OR coalesce(c.last, 0) <> b.position\
                    """)
                .query(Long.class)
                .single())
        .as("buckets with a gap")
        .isZero();
  }
}
