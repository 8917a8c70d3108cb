package se.samflode.mockregions;

import java.io.IOException;

/** How the mock lab pushes. Thread-safe. */
public interface LabWay extends AutoCloseable {

  /** For people. */
  String name();

  /**
   * Pushes a result and waits for the answer.
   *
   * @return whether it is stored; false if it was rejected
   * @throws IOException if no answer came, or one that asks to send it again
   */
  boolean push(LabSample sample) throws IOException, InterruptedException;

  @Override
  void close();
}
