package se.samflode.exchange;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The state of subscribers for the operator, and what the operator may do about it. Thread-safe;
 * every method throws Spring's DataAccessException if the database gives no answer.
 */
@Component
class SubscriberStates {

  /** There may be millions: to know that there are many must do. */
  private static final String DEAD_LETTERS =
      """
      (SELECT count(*)
         FROM (SELECT FROM dead_letter d WHERE d.subscriber = s.address LIMIT 10000) AS counted)
        AS dead_letters
      """;

  private static final String STATES =
      """
      SELECT s.address, s.first_seen, s.last_delivery, s.last_failure, s.last_failure_reason,
             s.seed_anew_since, l.behind, l.oldest,
      """
          + DEAD_LETTERS
          + """
            FROM subscriber s
           CROSS JOIN LATERAL
                 (SELECT coalesce(sum(b.position - coalesce(p.position, 0)), 0) AS behind,
                         min((SELECT c.changed_at
                                FROM change c
                               WHERE c.bucket = b.bucket AND c.position = coalesce(p.position, 0) + 1))
                           AS oldest
                    FROM feed_bucket b
                    LEFT JOIN subscriber_position p
                      ON p.subscriber = s.address AND p.bucket = b.bucket
                   WHERE b.position > coalesce(p.position, 0)) AS l
           ORDER BY s.address\
          """;

  private static final String RESEND =
      """
      UPDATE subscriber s SET resend_asked_at = clock_timestamp() WHERE s.address = :subscriber
      RETURNING\
      """
          + " "
          + DEAD_LETTERS;

  private static final String SEEDED =
      """
      UPDATE subscriber SET seed_anew_since = NULL
       WHERE address = :subscriber
         AND (seed_anew_since IS NULL OR seed_anew_since < :begun)
         AND :begun <= clock_timestamp()\
      """;

  /** There may be millions, and no transaction of ours is long. */
  private static final String FORGET_LETTERS =
      """
      DELETE FROM dead_letter
       WHERE subscriber = :subscriber
         AND id = ANY (ARRAY(SELECT d.id FROM dead_letter d
                              WHERE d.subscriber = :subscriber LIMIT 10000))\
      """;

  private static final String FORGET =
      """
      DELETE FROM subscriber WHERE address = :subscriber\
      """;

  private final JdbcClient database;

  SubscriberStates(JdbcClient database) {
    this.database = database;
  }

  /** All subscribers that are known, by address. */
  List<SubscriberState> all() {
    return database.sql(STATES).query(SubscriberStates::state).list();
  }

  /**
   * Asks for all present dead letters of a subscriber to be sent again; how many there are, counted
   * up to 10,000.
   */
  int askToResend(String subscriber) {
    return database
        .sql(RESEND)
        .param("subscriber", subscriber)
        .query(Integer.class)
        .optional()
        .orElse(0);
  }

  /**
   * Notes that a subscriber has been seeded anew.
   *
   * @param begun when the seeding began, by the database's clock
   * @return false, and nothing is noted, if something was lost to it after that, or that is to come
   */
  boolean seeded(String subscriber, Instant begun) {
    return database
            .sql(SEEDED)
            .param("subscriber", subscriber)
            .param("begun", begun.atOffset(ZoneOffset.UTC))
            .update()
        > 0;
  }

  /**
   * Forgets a subscriber, with its positions and dead letters; those are gone some at a time, a
   * second or so for each 100,000. If it is interrupted, it can be asked for again.
   *
   * @return dead letters that are gone
   */
  int forget(String subscriber) {
    int all = 0;
    int some;
    do {
      some = database.sql(FORGET_LETTERS).param("subscriber", subscriber).update();
      all += some;
    } while (some > 0);
    database.sql(FORGET).param("subscriber", subscriber).update();
    return all;
  }

  private static SubscriberState state(ResultSet row, int number) throws SQLException {
    return new SubscriberState(
        row.getString("address"),
        Objects.requireNonNull(instant(row, "first_seen")),
        instant(row, "last_delivery"),
        instant(row, "last_failure"),
        row.getString("last_failure_reason"),
        row.getLong("behind"),
        instant(row, "oldest"),
        row.getLong("dead_letters"),
        instant(row, "seed_anew_since"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp time = row.getTimestamp(column);
    return time == null ? null : time.toInstant();
  }
}
