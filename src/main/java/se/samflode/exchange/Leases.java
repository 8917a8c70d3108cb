package se.samflode.exchange;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Scheduled work that one node at a time does. Times are the database's. A holder that has been
 * stalled may believe that it still holds a lease; what it then writes is refused by {@link
 * #holds}, which is asked in the transaction that writes. Thread-safe; every method throws Spring's
 * DataAccessException if the database gives no answer.
 */
@Component
class Leases {

  private static final String TAKE =
      """
      INSERT INTO lease AS l (name, holder, token, valid_until)
      VALUES (:name, :holder, 1, clock_timestamp() + make_interval(secs => :seconds))
          ON CONFLICT (name)
          DO UPDATE SET holder = EXCLUDED.holder,
                        token = CASE WHEN l.holder = EXCLUDED.holder
                                     THEN l.token ELSE l.token + 1 END,
                        valid_until = EXCLUDED.valid_until
             WHERE l.holder = EXCLUDED.holder OR l.valid_until < clock_timestamp()
      RETURNING token\
      """;

  private static final String HOLDS =
      """
      SELECT true FROM lease WHERE name = :name AND token = :token FOR SHARE\
      """;

  private static final String RELEASE =
      """
      UPDATE lease SET valid_until = '-infinity' WHERE name = :name AND holder = :holder\
      """;

  private final JdbcClient database;
  private final TransactionTemplate transaction;

  /** This run of this node. */
  private final String holder = UUID.randomUUID().toString();

  Leases(JdbcClient database, PlatformTransactionManager transactions) {
    this.database = database;
    this.transaction = new TransactionTemplate(transactions);
    this.transaction.setTimeout(10);
  }

  /**
   * A lease that is held.
   *
   * @param name of the lease
   * @param token under which it was taken
   */
  record Lease(String name, long token) {}

  /**
   * Takes a lease, or makes the one held last longer.
   *
   * @return empty if another node holds it
   */
  Optional<Lease> take(String name, Duration validFor) {
    return database
        .sql(TAKE)
        .param("name", name)
        .param("holder", holder)
        .param("seconds", validFor.toMillis() / 1000.0)
        .query(Long.class)
        .optional()
        .map(token -> new Lease(name, token));
  }

  /**
   * Whether a lease has not gone to another holder; none can take it before the transaction this is
   * called in has ended.
   */
  boolean holds(Lease lease) {
    return database
        .sql(HOLDS)
        .param("name", lease.name())
        .param("token", lease.token())
        .query(Boolean.class)
        .optional()
        .isPresent();
  }

  /**
   * Does work in one transaction, of 10 s at most, unless the lease has gone to another holder;
   * also throws Spring's TransactionException.
   *
   * @return whether it was done
   */
  boolean whileHeld(Lease lease, Runnable work) {
    return Boolean.TRUE.equals(
        transaction.execute(status -> {
          boolean holds = holds(lease);
          if (holds) {
            work.run();
          }
          return holds;
        }));
  }

  /** Lets another node take the lease at once. */
  void release(String name) {
    database.sql(RELEASE).param("name", name).param("holder", holder).update();
  }
}
