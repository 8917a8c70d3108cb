package se.samflode.exchange;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import se.samflode.index.IndexDatabase;
import se.samflode.index.IndexUnavailable;

/**
 * Which records of each partition of senders' updates have been stored. A node that has lost a
 * partition without knowing it may come back with records that another has stored since, and newer
 * ones after them, and an operator may have old ones read again: those must not be stored over the
 * newer, and be told as stored only if they are. Thread-safe.
 */
@Component
@WithKafka
class StoredOffsets {

  private static final Logger LOG = LoggerFactory.getLogger(StoredOffsets.class);

  /** What lies between the last that was stored and this one is not. */
  private static final String RAISE =
      """
      WITH raised AS (
        INSERT INTO stored_offset AS s (topic_id, topic, partition, last_offset)
        VALUES (:topicId, :topic, :partition, :offset)
            ON CONFLICT (topic_id, partition)
            DO UPDATE SET last_offset = EXCLUDED.last_offset
               WHERE s.last_offset < EXCLUDED.last_offset
        RETURNING coalesce(old.last_offset, -1) + 1 AS next
      ), passed AS (
        INSERT INTO unstored_offset (topic_id, partition, first_offset, last_offset, noted_at)
        SELECT :topicId, :partition, next, :offset - 1, clock_timestamp()
          FROM raised
         WHERE next < :offset
      )
      SELECT count(*) FROM raised\
      """;

  /** Ranges that overlap begin both at 0, so the first that ends behind it tells. */
  private static final String WAS_STORED =
      """
      SELECT coalesce((SELECT first_offset > :offset
                         FROM unstored_offset
                        WHERE topic_id = :topicId
                          AND partition = :partition
                          AND last_offset >= :offset
                        ORDER BY last_offset
                        LIMIT 1),
                      true)\
      """;

  private static final int FORGOTTEN_AT_ONCE = 10_000;

  /**
   * The oldest ranges become one that holds all before it: of those nothing is known any more. It
   * counts as noted now, so that it is not among the oldest at once.
   */
  private static final String FORGET =
      """
      WITH old AS (
        DELETE FROM unstored_offset
         WHERE (topic_id, partition, last_offset)
            IN (SELECT topic_id, partition, last_offset
                  FROM unstored_offset
                 WHERE noted_at < clock_timestamp() - interval '14 days'
                 ORDER BY noted_at, last_offset
                 LIMIT :most)
        RETURNING topic_id, partition, last_offset
      ), unknown AS (
        INSERT INTO unstored_offset (topic_id, partition, first_offset, last_offset, noted_at)
        SELECT topic_id, partition, 0, max(last_offset), clock_timestamp()
          FROM old
         GROUP BY topic_id, partition
      )
      SELECT count(*) FROM old\
      """;

  private final IndexDatabase database;
  private final KafkaClients clients;

  StoredOffsets(IndexDatabase database, KafkaClients clients) {
    this.database = database;
    this.clients = clients;
  }

  /**
   * Where a record stands.
   *
   * @param topicId Kafka's id of the topic that it was read from
   */
  record Place(String topicId, String topic, int partition, long offset) {}

  /** What became of a record. */
  enum Done {

    /** It is stored by this call. */
    NOW,

    /** It was stored before; nothing is done. */
    BEFORE,

    /**
     * Later ones of its partition are stored, and it is not known to be, or its topic has been made
     * anew since it was read; nothing is done.
     */
    NEVER
  }

  /**
   * Does work in one transaction with the note that the record has been stored, unless it, or a
   * later one of its partition, has been.
   *
   * @throws IndexUnavailable if the database gives no answer in time; then nothing is done
   * @throws KafkaException if the broker does not answer; then nothing is done
   */
  Done once(Place place, Runnable work) {
    if (!clients.topicId(place.topic()).equals(place.topicId())) {
      // Another node may have stored records of the new one.
      return Done.NEVER;
    }
    return database.inTransaction(
        "update",
        () -> {
          long raised = at(place, RAISE).param("topic", place.topic()).query(Long.class).single();
          if (raised > 0) {
            work.run();
            return Done.NOW;
          }
          boolean stored = at(place, WAS_STORED).query(Boolean.class).single();
          return stored ? Done.BEFORE : Done.NEVER;
        });
  }

  private StatementSpec at(Place place, String sql) {
    return database
        .changes()
        .sql(sql)
        .param("topicId", place.topicId())
        .param("partition", place.partition())
        .param("offset", place.offset());
  }

  /** Keeps few rows: what was noted long ago is not told apart any more. */
  @Scheduled(initialDelay = 5, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
  void forget() {
    try {
      long some;
      do {
        some = database.inTransaction("unstored-offsets", this::forgetOldest);
      } while (some == FORGOTTEN_AT_ONCE);
    } catch (IndexUnavailable e) {
      e.log(LOG, "unstored-offsets");
    }
  }

  private long forgetOldest() {
    return database
        .changes()
        .sql(FORGET)
        .param("most", FORGOTTEN_AT_ONCE)
        .query(Long.class)
        .single();
  }
}
