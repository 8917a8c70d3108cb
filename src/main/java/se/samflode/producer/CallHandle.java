package se.samflode.producer;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.jspecify.annotations.Nullable;

/**
 * One call while it runs: holds its deadline's flag and what must be cut when the deadline fires.
 * Thread-safe.
 */
final class CallHandle {

  /** The call that the current thread makes. */
  static final ScopedValue<CallHandle> CURRENT = ScopedValue.newInstance();

  private final Thread caller;
  private @Nullable HttpUriRequestBase request;
  private boolean expired;
  private boolean ended;

  CallHandle(Thread caller) {
    this.caller = caller;
  }

  /** Makes the request known, to be cancelled with the call. */
  synchronized void sending(HttpUriRequestBase sent) {
    request = sent;
    if (expired) {
      sent.cancel();
    }
  }

  /** Cuts the call: its connection is closed and its thread interrupted, wherever it waits. */
  synchronized void expire() {
    if (ended) {
      return;
    }
    expired = true;
    cutConnection();
    caller.interrupt();
  }

  /** Closes the connection, so that nobody reads on to keep it for another call. */
  synchronized void cutConnection() {
    if (request != null) {
      request.cancel();
    }
  }

  /** Marks the call as over. A late deadline then touches neither thread nor connection. */
  synchronized void end() {
    ended = true;
    if (expired) {
      // The interrupt belonged to this call; the thread goes on with other work.
      Thread.interrupted();
    }
  }

  synchronized boolean expired() {
    return expired;
  }
}
