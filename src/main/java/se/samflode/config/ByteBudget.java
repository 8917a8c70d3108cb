package se.samflode.config;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all things of one sort on this node may take together. Thread-safe. */
public final class ByteBudget {

  private final long bytes;
  private final AtomicLong left;

  /**
   * @param bytes all that may be taken
   */
  public ByteBudget(long bytes) {
    this.bytes = bytes;
    left = new AtomicLong(bytes);
  }

  /** Takes bytes from the budget, or nothing and {@code false} if they are not there. */
  public boolean take(long bytes) {
    long after = left.addAndGet(-bytes);
    if (after < 0) {
      left.addAndGet(bytes);
      return false;
    }
    return true;
  }

  /** Gives back what was taken. */
  public void giveBack(long bytes) {
    left.addAndGet(bytes);
  }

  /** The bytes that are taken now. */
  public long used() {
    return bytes - left.get();
  }
}
