package se.samflode.index;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A connection for work that may take long: loads, counts, index builds. An error of the database
 * becomes {@link IndexUnavailable}. For one thread.
 */
public final class LongWork implements AutoCloseable {

  private static final Duration LONGEST_STATEMENT = Duration.ofHours(12);

  private static final String AS_IT_WAS =
      """
      SELECT pg_advisory_unlock_all(); DISCARD TEMP; RESET plan_cache_mode\
      """;

  /** Read at a time: a row may have some MB. */
  private static final int FETCHED_ROWS = 20;

  /** In one message to the database, bytes. */
  private static final int SLICE = 1 << 16;

  private final Connection connection;
  private final JdbcClient sql;
  private final TransactionTemplate transaction;

  private LongWork(Connection connection) {
    this.connection = connection;
    SingleConnectionDataSource one = new SingleConnectionDataSource(connection, true);
    JdbcTemplate template = new JdbcTemplate(one);
    template.setFetchSize(FETCHED_ROWS);
    this.sql = JdbcClient.create(template);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(one));
  }

  /**
   * Takes a connection, whose limits for short questions no longer hold.
   *
   * @throws IndexUnavailable if the database gives none
   */
  public static LongWork open(DataSource dataSource) {
    return IndexDatabase.answered(
        "connect",
        () -> {
          Connection connection = DataSourceUtils.getConnection(dataSource);
          LongWork work = new LongWork(connection);
          try {
            connection.setNetworkTimeout(Runnable::run, (int) LONGEST_STATEMENT.toMillis());
          } catch (SQLException e) {
            work.close();
            throw new IndexUnavailable("connect", e);
          }
          work.sql.sql("SET plan_cache_mode = auto").update();
          return work;
        });
  }

  /** On this connection; what is read within a transaction is fetched some rows at a time. */
  public JdbcClient sql() {
    return sql;
  }

  /**
   * Does work in one transaction, however long it takes.
   *
   * @throws IndexUnavailable if the database fails; then nothing is done, unless the connection
   *     broke at the very end: who goes on looks at what is stored
   */
  public <T> T inTransaction(String what, Supplier<T> work) {
    return IndexDatabase.answered(what, () -> transaction.execute(status -> work.get()));
  }

  /** Sends rows by COPY, in the transaction that is under way. */
  void copy(String statement, CopyRows rows) {
    try {
      CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
      for (int sent = 0; sent < rows.length(); sent += SLICE) {
        copy.writeToCopy(rows.bytes(), sent, Math.min(SLICE, rows.length() - sent));
      }
      copy.endCopy();
    } catch (SQLException e) {
      throw new IndexUnavailable("copy", e);
    }
  }

  /** Whether this connection now holds a lock that one at a time has, until it is closed. */
  boolean lockedAlone(long lock) {
    return IndexDatabase.answered(
        "lock",
        () ->
            sql.sql("SELECT pg_try_advisory_lock(:lock)")
                .param("lock", lock)
                .query(Boolean.class)
                .single());
  }

  /** Gives the connection back as it was. */
  @Override
  public void close() {
    try (connection;
        Statement statement = connection.createStatement()) {
      statement.execute(AS_IT_WAS);
    } catch (SQLException e) {
      throw new IndexUnavailable("close", e);
    }
  }
}
