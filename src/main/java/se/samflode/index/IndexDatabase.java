package se.samflode.index;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The way to PostgreSQL, with a limit on how long each kind of work may take. An error of the
 * database becomes {@link IndexUnavailable}. Thread-safe.
 */
@Component
public class IndexDatabase {

  /** No change of the index takes longer from its first lock to its commit. */
  static final Duration LONGEST_CHANGE = Duration.ofSeconds(10);

  private static final Duration SEARCH = Duration.ofSeconds(5);
  private static final Duration LOOK_UP = Duration.ofSeconds(2);
  private static final int LEFT_FOR_LOOK_UPS = 3;

  private final TransactionTemplate transaction;
  private final JdbcClient changes;
  private final JdbcClient searches;
  private final JdbcClient lookUps;

  /** As many as there are connections, given in the order in which they are asked for. */
  private final Semaphore turns;

  /** Fewer than there are connections: changes that wait for each other must not take all. */
  private final Semaphore changing;

  IndexDatabase(
      DataSource dataSource, PlatformTransactionManager transactions, MeterRegistry metrics) {
    int connections = dataSource instanceof HikariDataSource pool ? pool.getMaximumPoolSize() : 8;
    this.turns = new Semaphore(connections, true);
    this.changing = new Semaphore(Math.max(1, connections - LEFT_FOR_LOOK_UPS), true);
    this.transaction = new TransactionTemplate(transactions);
    this.transaction.setTimeout((int) LONGEST_CHANGE.toSeconds());
    this.changes = client(dataSource, LONGEST_CHANGE);
    this.searches = client(dataSource, SEARCH);
    this.lookUps = client(dataSource, LOOK_UP);
    // The pool does not see them: nobody asks it for a connection out of turn.
    Gauge.builder("samflode.index.waiting", turns, Semaphore::getQueueLength)
        .description("Look-ups that wait for their turn at a connection")
        .register(metrics);
  }

  private static JdbcClient client(DataSource dataSource, Duration limit) {
    JdbcTemplate template = new JdbcTemplate(dataSource);
    template.setQueryTimeout((int) limit.toSeconds());
    return JdbcClient.create(template);
  }

  /** For changes, 10 s at most. */
  public JdbcClient changes() {
    return changes;
  }

  /** For searches that are answered to a system, 5 s at most. */
  public JdbcClient searches() {
    return searches;
  }

  /**
   * Does what a resident waits for, 2 s at most, in the order in which it is asked for: a pool
   * gives a connection to whoever comes as it is given back, however long others have waited.
   *
   * @throws IndexUnavailable if the database gives no answer in time
   */
  public <T> T lookUp(String what, Function<JdbcClient, T> work) {
    return inTurn(what, turns, LOOK_UP, () -> work.apply(lookUps));
  }

  private static <T> T inTurn(String what, Semaphore turns, Duration limit, Supplier<T> work) {
    try {
      if (!turns.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IndexUnavailable(
            what, new SQLTransientConnectionException("no connection was free in time"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IndexUnavailable(what, e);
    }
    try {
      return answered(what, work);
    } finally {
      turns.release();
    }
  }

  /**
   * Does work in one transaction of 10 s at most.
   *
   * @param what names the work in the log
   * @throws IndexUnavailable if the database gives no answer in time; then nothing is done
   */
  public <T> T inTransaction(String what, Supplier<T> work) {
    Supplier<T> whole = () -> transaction.execute(status -> work.get());
    return TransactionSynchronizationManager.isActualTransactionActive()
        ? answered(what, whole)
        : inTurn(what, changing, LONGEST_CHANGE, whole);
  }

  /**
   * Does work that reads.
   *
   * @throws IndexUnavailable if the database gives no answer in time
   */
  public static <T> T answered(String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (DataAccessException | TransactionException e) {
      throw new IndexUnavailable(what, NestedExceptionUtils.getMostSpecificCause(e));
    }
  }
}
