package se.samflode.producer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all answers on this node may take together until they are written. Thread-safe.
 */
final class ByteBudget {

  private final long bytes;
  private final AtomicLong left;

  ByteBudget(long bytes) {
    this.bytes = bytes;
    left = new AtomicLong(bytes);
  }

  /** Takes bytes from the budget, or nothing and {@code false} if they are not there. */
  boolean take(long bytes) {
    long after = left.addAndGet(-bytes);
    if (after < 0) {
      left.addAndGet(bytes);
      return false;
    }
    return true;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }

  long used() {
    return bytes - left.get();
  }
}
