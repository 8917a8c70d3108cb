package se.samflode.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.samflode.testing.ApplicationProcess;

/** One of the demo's nodes, a process of its own. Thread-safe. */
final class DemoNode implements AutoCloseable {

  private final int number;
  private final int port;
  private final InetSocketAddress mllp;
  private final Map<String, String> settings;
  private @Nullable ApplicationProcess process;
  private @Nullable Thread starting;
  private boolean closed;

  /**
   * Does not start it.
   *
   * @param port of the application; management has the next one
   * @param mllp port for HL7 v2
   */
  DemoNode(int number, int port, int mllp, Map<String, String> settings) {
    this.number = number;
    this.port = port;
    this.mllp = new InetSocketAddress(InetAddress.getLoopbackAddress(), mllp);
    this.settings = new HashMap<>(settings);
    this.settings.put("samflode.lab.mllp.port", String.valueOf(mllp));
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

  /** Where it takes HL7 v2. */
  InetSocketAddress mllp() {
    return mllp;
  }

  /** What a person should know to look at it, or to kill it. */
  synchronized String where() {
    return "node %d: %s, management %d, HL7 v2 %d, process %d, log target/node-%d.log"
        .formatted(number, uri(), port + 1, mllp.getPort(), pid(), number);
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
