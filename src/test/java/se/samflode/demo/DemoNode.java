package se.samflode.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.samflode.testing.ApplicationProcess;

/** One of the demo's nodes, a process of its own. Thread-safe. */
final class DemoNode implements AutoCloseable {

  private final int number;
  private final int port;
  private final Map<String, String> settings;
  private @Nullable ApplicationProcess process;
  private @Nullable Thread starting;
  private boolean closed;

  /**
   * Does not start it.
   *
   * @param port of the application; management has the next one
   */
  DemoNode(int number, int port, Map<String, String> settings) {
    this.number = number;
    this.port = port;
    this.settings = Map.copyOf(settings);
  }

  /** Starts it and waits until it is ready. */
  void start() {
    try {
      ApplicationProcess ready =
          ApplicationProcess.node("node-" + number, settings, port, port + 1);
      synchronized (this) {
        process = ready;
        if (closed) {
          ready.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again if it has ended; does not wait. */
  synchronized void comeBack() {
    if (!isUp() && !closed && (starting == null || !starting.isAlive())) {
      starting = Thread.ofVirtual().start(this::start);
    }
  }

  synchronized boolean isUp() {
    return process != null && process.handle().isAlive();
  }

  int number() {
    return number;
  }

  URI uri() {
    return URI.create("http://localhost:" + port);
  }

  /** What a person should know to look at it, or to kill it. */
  synchronized String where() {
    return "node %d: %s, management %d, process %d, log target/node-%d.log"
        .formatted(number, uri(), port + 1, pid(), number);
  }

  /** Its process; -1 before it has been started. */
  synchronized long pid() {
    return process == null ? -1 : process.handle().pid();
  }

  @Override
  public void close() {
    ApplicationProcess running;
    synchronized (this) {
      closed = true;
      running = process;
    }
    if (running != null) {
      running.close();
    }
  }
}
