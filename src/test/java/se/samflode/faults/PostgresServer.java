package se.samflode.faults;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.testing.FreePort;

/** A durable PostgreSQL that can be killed, stopped and started again on its data and port. */
public final class PostgresServer implements AutoCloseable {

  private final Path data;
  private final int port;
  private EmbeddedPostgres running;

  /** Starts one on a folder, empty or its own. */
  public PostgresServer(Path data) throws IOException {
    this.data = data;
    this.port = FreePort.find();
    this.running = start();
  }

  private EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder()
          .setDataDirectory(data)
          .setCleanDataDirectory(false)
          .setPort(port)
          .setPGStartupWait(Duration.ofSeconds(30))
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("full_page_writes", "on")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server that runs now. */
  public EmbeddedPostgres running() {
    return running;
  }

  /** Connections of its own for each query. */
  public JdbcClient client() {
    return JdbcClient.create(running.getPostgresDatabase());
  }

  /** Kills the postmaster; its backends end by themselves when they notice. */
  public void kill() {
    try {
      long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
      ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
      postmaster.destroyForcibly();
      postmaster.onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops as an operator would: backends are ended, nothing is left to recover. */
  public void stop() {
    try {
      running.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts again after {@link #kill} or {@link #stop}. */
  public void restart() {
    Logger library = (Logger) LoggerFactory.getLogger(EmbeddedPostgres.class);
    Level before = library.getLevel();
    // It tells by a stack trace that what was killed cannot be stopped.
    library.setLevel(Level.OFF);
    stop();
    library.setLevel(before);
    running = start();
  }

  @Override
  public void close() {
    stop();
  }
}
