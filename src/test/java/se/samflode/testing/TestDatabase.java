package se.samflode.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A new, empty database in the one embedded PostgreSQL of this JVM. That PostgreSQL runs without
 * fsync and stops with the JVM: quick, and no witness of durability.
 *
 * @param url JDBC address, its user needs no password
 */
public record TestDatabase(String url) {

  /** The user that owns everything in a test database. */
  public static final String USER = "postgres";

  /** Starts PostgreSQL if this JVM has none yet, and makes a database. */
  public static TestDatabase create() {
    EmbeddedPostgres server = Server.POSTGRES;
    String name = "test_" + Server.DATABASES.incrementAndGet();
    JdbcClient.create(server.getPostgresDatabase()).sql("CREATE DATABASE " + name).update();
    return new TestDatabase(server.getJdbcUrl(USER, name));
  }

  /** Connections without a pool, for looking from outside. */
  public JdbcClient client() {
    return JdbcClient.create(new DriverManagerDataSource(url));
  }

  /** Started by its first use. */
  private static final class Server {

    static final EmbeddedPostgres POSTGRES = start();
    static final AtomicInteger DATABASES = new AtomicInteger();

    private Server() {}

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
