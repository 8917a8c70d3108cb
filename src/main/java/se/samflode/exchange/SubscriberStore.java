package se.samflode.exchange;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import se.samflode.contract.Reason;
import se.samflode.exchange.Leases.Lease;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementKey;

/**
 * How far subscribers have been told, and what they have not. What changes the state of a
 * subscriber is written only while its lease is held. Thread-safe; every method throws Spring's
 * DataAccessException or TransactionException if the database gives no answer.
 */
@Component
class SubscriberStore {

  private static final String ENROL =
      """
      WITH enrolled AS (
        INSERT INTO subscriber (address, first_seen) VALUES (:subscriber, clock_timestamp())
            ON CONFLICT (address) DO NOTHING
        RETURNING address
      )
      INSERT INTO subscriber_position (subscriber, bucket, position)
      SELECT e.address, b.bucket, b.position
        FROM enrolled e CROSS JOIN feed_bucket b\
      """;

  private static final String POSITIONS =
      """
      SELECT bucket, position FROM subscriber_position WHERE subscriber = :subscriber\
      """;

  private static final String ADVANCE =
      """
      INSERT INTO subscriber_position (subscriber, bucket, position)
      SELECT :subscriber, n.bucket, n.position FROM unnest(:buckets, :positions) AS n (bucket, position)
          ON CONFLICT (subscriber, bucket) DO UPDATE SET position = EXCLUDED.position\
      """;

  private static final String DELIVERED =
      """
      UPDATE subscriber SET last_delivery = clock_timestamp() WHERE address = :subscriber\
      """;

  private static final String FAILED =
      """
      UPDATE subscriber
         SET last_failure = clock_timestamp(), last_failure_reason = :reason
       WHERE address = :subscriber\
      """;

  private static final String SEED_ANEW =
      """
      UPDATE subscriber SET seed_anew_since = clock_timestamp() WHERE address = :subscriber\
      """;

  private static final String GIVE_UP =
      """
      INSERT INTO dead_letter
             (subscriber, id, resident, service_domain, categorization, logical_address,
              business_object_instance_identifier, clinical_process_interest_id, source_system,
              data_controller, owner, given_up_at, reason)
      SELECT :subscriber, n.id, n.resident, n.service_domain, n.categorization,
             n.logical_address, n.business_object_instance_identifier,
             n.clinical_process_interest_id, n.source_system, n.data_controller, n.owner,
             clock_timestamp(), n.reason
        FROM unnest(:ids, :residents, :serviceDomains, :categorizations, :logicalAddresses,
                    :businessObjects, :clinicalProcesses, :sourceSystems, :dataControllers,
                    :owners, :reasons)
             AS n (id, resident, service_domain, categorization, logical_address,
                   business_object_instance_identifier, clinical_process_interest_id,
                   source_system, data_controller, owner, reason)
          ON CONFLICT (subscriber, id)
          DO UPDATE SET given_up_at = EXCLUDED.given_up_at, reason = EXCLUDED.reason\
      """;

  private static final String ASKED =
      """
      SELECT address FROM subscriber WHERE resend_asked_at IS NOT NULL\
      """;

  private static final String TO_RESEND =
      """
      SELECT d.*, bucket_of(d.resident) AS bucket
        FROM dead_letter d
       WHERE d.subscriber = :subscriber
         AND d.given_up_at
             <= (SELECT s.resend_asked_at FROM subscriber s WHERE s.address = :subscriber)
       ORDER BY d.given_up_at
       LIMIT :limit\
      """;

  private static final String TOLD =
      """
      DELETE FROM dead_letter WHERE subscriber = :subscriber AND id = ANY (:ids)\
      """;

  /** Given up once more, and so behind what was asked for. */
  private static final String STAYS =
      """
      UPDATE dead_letter SET given_up_at = clock_timestamp()
       WHERE subscriber = :subscriber AND id = ANY (:ids)\
      """;

  private static final String ALL_SENT =
      """
      UPDATE subscriber s SET resend_asked_at = NULL
       WHERE s.address = :subscriber AND s.resend_asked_at IS NOT NULL
         AND NOT EXISTS (SELECT FROM dead_letter d
                          WHERE d.subscriber = s.address
                            AND d.given_up_at <= s.resend_asked_at)\
      """;

  private final JdbcClient database;
  private final Leases leases;

  SubscriberStore(JdbcClient database, Leases leases) {
    this.database = database;
    this.leases = leases;
  }

  /**
   * What has become of a part of the feed.
   *
   * @param positions how far the subscriber has been told, by bucket
   * @param givenUp what it was not told, no two with one key
   * @param delivered whether a delivery was taken
   * @param seedAnew whether something is missing that the feed no longer has
   */
  record Progress(
      Map<Integer, Long> positions,
      Collection<DeadLetter> givenUp,
      boolean delivered,
      boolean seedAnew) {}

  /**
   * Makes a subscriber known, told of what changes from now on.
   *
   * @return whether it was not known before
   */
  boolean enrol(String subscriber) {
    return database.sql(ENROL).param("subscriber", subscriber).update() > 0;
  }

  /** How far a subscriber has been told, by bucket. */
  Map<Integer, Long> positions(String subscriber) {
    Map<Integer, Long> positions = new HashMap<>();
    database
        .sql(POSITIONS)
        .param("subscriber", subscriber)
        .query(row -> {
          positions.put(row.getInt("bucket"), row.getLong("position"));
        });
    return positions;
  }

  /** Writes progress; false, and nothing is written, if the lease has gone to another node. */
  boolean advance(Lease lease, String subscriber, Progress progress) {
    return leases.whileHeld(
        lease,
        () -> {
          List<Integer> buckets = new ArrayList<>(progress.positions().keySet());
          database
              .sql(ADVANCE)
              .param("subscriber", subscriber)
              .param("buckets", new SqlArrayValue("smallint", buckets.toArray()))
              .param(
                  "positions",
                  new SqlArrayValue(
                      "bigint", buckets.stream().map(progress.positions()::get).toArray()))
              .update();
          giveUp(subscriber, List.copyOf(progress.givenUp()));
          if (progress.delivered()) {
            database.sql(DELIVERED).param("subscriber", subscriber).update();
          }
          if (progress.seedAnew()) {
            database.sql(SEED_ANEW).param("subscriber", subscriber).update();
          }
        });
  }

  /** Notes that a delivery failed. */
  void failed(String subscriber, Reason reason) {
    database.sql(FAILED).param("subscriber", subscriber).param("reason", reason.code()).update();
  }

  /** The subscribers that are to be sent dead letters again. */
  Set<String> askedToResend() {
    return new HashSet<>(
        database.sql(ASKED).query((row, number) -> row.getString("address")).list());
  }

  /** Some of the dead letters that are to be sent again. */
  List<DeadLetter> toResend(String subscriber, int limit) {
    return database
        .sql(TO_RESEND)
        .param("subscriber", subscriber)
        .param("limit", limit)
        .query(SubscriberStore::deadLetter)
        .list();
  }

  /**
   * Takes away dead letters that have been told, and leaves those that were not taken again. When
   * none is left to be sent, that is no longer asked for.
   *
   * @return false, and nothing is written, if the lease has gone to another node
   */
  boolean resent(
      Lease lease, String subscriber, List<DeadLetter> told, Collection<DeadLetter> stays) {
    return leases.whileHeld(
        lease,
        () -> {
          database.sql(TOLD).param("subscriber", subscriber).param("ids", ids(told)).update();
          database.sql(STAYS).param("subscriber", subscriber).param("ids", ids(stays)).update();
          database.sql(ALL_SENT).param("subscriber", subscriber).update();
          if (!told.isEmpty()) {
            database.sql(DELIVERED).param("subscriber", subscriber).update();
          }
        });
  }

  /**
   * Takes away dead letters that the subscriber does not want any more.
   *
   * @return false, and nothing is written, if the lease has gone to another node
   */
  boolean unwanted(Lease lease, String subscriber, List<DeadLetter> letters) {
    return leases.whileHeld(
        lease,
        () -> {
          database.sql(TOLD).param("subscriber", subscriber).param("ids", ids(letters)).update();
          database.sql(ALL_SENT).param("subscriber", subscriber).update();
        });
  }

  private void giveUp(String subscriber, List<DeadLetter> letters) {
    if (letters.isEmpty()) {
      return;
    }
    database
        .sql(GIVE_UP)
        .param("subscriber", subscriber)
        .param("ids", ids(letters))
        .param("residents", texts(letters, d -> d.engagement().resident()))
        .param("serviceDomains", texts(letters, d -> d.engagement().serviceDomain()))
        .param("categorizations", texts(letters, d -> d.engagement().categorization()))
        .param("logicalAddresses", texts(letters, d -> d.engagement().logicalAddress()))
        .param(
            "businessObjects",
            texts(letters, d -> d.engagement().businessObjectInstanceIdentifier()))
        .param("clinicalProcesses", texts(letters, d -> d.engagement().clinicalProcessInterestId()))
        .param("sourceSystems", texts(letters, d -> d.engagement().sourceSystem()))
        .param("dataControllers", texts(letters, d -> d.engagement().dataController()))
        .param("owners", texts(letters, d -> d.engagement().owner()))
        .param("reasons", texts(letters, d -> d.reason().code()))
        .update();
  }

  private static SqlArrayValue ids(Collection<DeadLetter> letters) {
    return new SqlArrayValue(
        "bytea", (Object[]) letters.stream().map(d -> d.key().bytes()).toArray(byte[][]::new));
  }

  private static SqlArrayValue texts(
      Collection<DeadLetter> letters, Function<DeadLetter, String> field) {
    return new SqlArrayValue("text", letters.stream().map(field).toArray());
  }

  private static DeadLetter deadLetter(ResultSet row, int number) throws SQLException {
    return new DeadLetter(
        row.getInt("bucket"),
        new EngagementKey(ByteBuffer.wrap(row.getBytes("id")).asReadOnlyBuffer()),
        new Engagement(
            row.getString("resident"),
            row.getString("service_domain"),
            row.getString("categorization"),
            row.getString("logical_address"),
            row.getString("business_object_instance_identifier"),
            row.getString("clinical_process_interest_id"),
            null,
            row.getString("source_system"),
            null,
            null,
            row.getString("data_controller"),
            row.getString("owner")),
        Reason.valueOf(row.getString("reason").replace('-', '_').toUpperCase(Locale.ROOT)));
  }
}
