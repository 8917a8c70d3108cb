package se.samflode.bench.country;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time of a simulation, for the application and for its database: it stands still until it is
 * set. Thread-safe.
 *
 * <p>In the database, a schema before {@code pg_catalog} in the search path has functions of its
 * own for the time now. They read a sequence, since what a sequence says is seen by every
 * transaction at once, as a clock's time is.
 */
final class SimulatedClock extends Clock implements AutoCloseable {

  private static final String FUNCTIONS =
      """
      CREATE SCHEMA simulation;
      CREATE SEQUENCE simulation.millis;
      CREATE FUNCTION simulation.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
        $$ SELECT timestamptz 'epoch' + last_value * interval '1 millisecond'
             FROM simulation.millis $$;
      CREATE FUNCTION simulation.statement_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
        $$ SELECT simulation.clock_timestamp() $$;
      CREATE FUNCTION simulation.now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
        $$ SELECT simulation.clock_timestamp() $$;
      ALTER DATABASE postgres SET search_path = public, simulation, pg_catalog;
      """;

  private final AtomicLong millis = new AtomicLong();
  private final Connection connection;
  private final PreparedStatement set;

  /** A clock for a database that nobody uses yet. */
  SimulatedClock(EmbeddedPostgres postgres, Instant start) throws SQLException {
    this.connection = postgres.getPostgresDatabase().getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute(FUNCTIONS);
    }
    this.set = connection.prepareStatement("SELECT setval('simulation.millis', ?)");
    set(start);
  }

  /** Both clocks show this time when it returns. */
  synchronized void set(Instant now) throws SQLException {
    millis.set(now.toEpochMilli());
    set.setLong(1, now.toEpochMilli());
    set.executeQuery().close();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(instant(), zone);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
