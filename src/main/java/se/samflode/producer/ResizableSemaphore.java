package se.samflode.producer;

import java.io.Serial;
import java.util.concurrent.Semaphore;

/** Permits whose number can change while some are held. Thread-safe. */
final class ResizableSemaphore extends Semaphore {

  @Serial private static final long serialVersionUID = 1L;

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

  /** Permits there are, held or not. */
  synchronized int size() {
    return size;
  }

  /** Permits held now. */
  synchronized int held() {
    return size - availablePermits();
  }
}
