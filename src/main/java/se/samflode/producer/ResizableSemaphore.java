package se.samflode.producer;

import java.io.Serial;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Permits whose number can change while some are held. Thread-safe. */
final class ResizableSemaphore extends Semaphore {

  @Serial private static final long serialVersionUID = 1L;

  private final AtomicInteger waiting = new AtomicInteger();
  private int size;

  ResizableSemaphore(int size) {
    super(size);
    this.size = size;
  }

  /**
   * Sets the number of permits. Fewer than are held means that none is given until enough return.
   */
  synchronized void resize(int newSize) {
    if (newSize > size) {
      release(newSize - size);
    } else {
      reducePermits(size - newSize);
    }
    size = newSize;
  }

  /**
   * Takes a permit, after waiting for it if all are held; at once none where as many wait already
   * as there are permits, so that no queue can grow.
   */
  boolean tryAcquireInTurn(Duration longest) throws InterruptedException {
    if (tryAcquire()) {
      return true;
    }
    try {
      return waiting.incrementAndGet() <= size()
          && tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Permits there are, held or not. */
  synchronized int size() {
    return size;
  }

  /** Permits held now. */
  synchronized int held() {
    return size - availablePermits();
  }
}
