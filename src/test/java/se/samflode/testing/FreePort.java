package se.samflode.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that are told theirs before they start. */
public final class FreePort {

  private static final int LOWEST = 20_000;
  // Above it systems take ports for connections that go out: one could be gone before it is used.
  private static final int BOUND = 32_000;
  private static final int TRIES = 1_000;

  private FreePort() {}

  /**
   * A port that nobody listened at just now, drawn by lot, so that tests that run beside each other
   * hardly get the same one.
   */
  public static int find() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, BOUND);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException _) {
        // Taken: another is drawn.
      }
    }
    throw new IllegalStateException("no free port from " + LOWEST + " to " + BOUND);
  }
}
