package se.samflode.exchange;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.contract.Reason;
import se.samflode.exchange.Leases.Lease;
import se.samflode.exchange.Notifications.Outcome;

/**
 * Tells one subscriber, one delivery at a time, while this node holds its lease. Runs on a thread
 * of its own, so that a subscriber who does not answer holds up nobody else. Ends by itself where
 * the subscriber has no place in the feed, since it was forgotten.
 */
final class Sender implements Runnable, Sending.Hold {

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  /** Longer than a call and what is written after it. */
  private static final Duration LEASE = SoapCalls.LONGEST.plusSeconds(28);

  private static final Duration RENEW = Duration.ofSeconds(15);
  private static final Duration HELD_ELSEWHERE = Duration.ofSeconds(5);

  /**
   * So often in a row must it get no answer before another node may try: this one may be cut off.
   */
  private static final int GIVES_WAY_AFTER = 3;

  /** Longer than it takes the others to see that the lease is free. */
  private static final Duration AWAY = HELD_ELSEWHERE.multipliedBy(2);

  private static final Duration STALLED = Duration.ofSeconds(5);

  private final String key;
  private final Delivery with;
  private final Sending sending;
  private final Resending resending;
  private final Semaphore wake = new Semaphore(0);
  private volatile Subscriber subscriber;
  private volatile Map<Integer, Long> ends = Map.of();
  private volatile boolean resendAsked;
  private volatile boolean stopped;

  private @Nullable Lease lease;
  private @Nullable Telling telling;
  private long renewedAt;
  private long quietUntil = System.nanoTime();
  private int failures;
  private int unanswered;
  private boolean resends;

  Sender(Subscriber subscriber, Delivery with) {
    this.key = subscriber.key();
    this.subscriber = subscriber;
    this.with = with;
    this.sending = new Sending(with.notifications(), this);
    this.resending = new Resending(key, with, sending);
  }

  /** Makes known how the subscriber is configured now. */
  void follow(Subscriber now) {
    subscriber = now;
  }

  /** Makes known how far the feed has come, and whether dead letters are to be sent again. */
  void news(Map<Integer, Long> feedEnds, boolean resend) {
    ends = feedEnds;
    resendAsked = resend;
    wake.release();
  }

  /** Ends the work after the delivery that is under way. */
  void stop() {
    stopped = true;
    wake.release();
  }

  @Override
  public void run() {
    while (!stopped) {
      pause(guardedTurn());
    }
    if (lease != null) {
      with.leases().release(lease.name());
    }
  }

  private Duration guardedTurn() {
    try {
      return turn();
    } catch (RuntimeException e) {
      // The database, or a bug: neither may end this subscriber's deliveries for good.
      lease = null;
      LOG.atError()
          .addKeyValue("event", "subscriber.stalled")
          .addKeyValue("subscriber", key)
          .addKeyValue("error", e.getClass().getName())
          .log("deliveries to a subscriber wait; they go on by themselves");
      return quiet(STALLED);
    }
  }

  /** Does one thing, and tells how long there is nothing to do unless there is news. */
  private Duration turn() {
    if (lease != null) {
      keep();
    }
    Duration quiet = Duration.ofNanos(quietUntil - System.nanoTime());
    if (quiet.isPositive()) {
      return quiet;
    }
    Telling now = telling;
    if (lease != null && now != null && !resendAsked && !now.hasNews(ends)) {
      return RENEW;
    }
    if (!keep()) {
      return quiet(HELD_ELSEWHERE);
    }
    return after(work());
  }

  private @Nullable Outcome work() {
    Telling now = telling;
    Lease held = lease;
    if (now == null || held == null) {
      return new Outcome.NotOurs();
    }
    // In turns: a resend that gets no answer must not hold up the feed, nor go ahead of it.
    resends = resendAsked && !resends;
    if (resends) {
      resendAsked = false;
      return resending.resend(held, subscriber, now);
    }
    return now.tell(held, subscriber, ends);
  }

  private Duration after(@Nullable Outcome outcome) {
    return switch (outcome) {
      case null -> Duration.ZERO;
      case Outcome.Delivered delivered -> {
        recovered();
        yield Duration.ZERO;
      }
      case Outcome.Refused(Reason reason) -> {
        unanswered = 0;
        yield failed(reason);
      }
      case Outcome.Unanswered(Reason reason) -> unanswered(reason);
      case Outcome.NotOurs notOurs -> {
        lease = null;
        yield quiet(HELD_ELSEWHERE);
      }
    };
  }

  private Duration unanswered(Reason reason) {
    unanswered++;
    Duration retry = failed(reason);
    Lease held = lease;
    if (held == null || unanswered % GIVES_WAY_AFTER != 0) {
      return retry;
    }
    lease = null;
    with.leases().release(held.name());
    return quiet(retry.compareTo(AWAY) > 0 ? retry : AWAY);
  }

  private void recovered() {
    unanswered = 0;
    if (failures > 0) {
      LOG.atInfo()
          .addKeyValue("event", "subscriber.recovered")
          .addKeyValue("subscriber", key)
          .addKeyValue("failures", failures)
          .log("a subscriber takes deliveries again");
      failures = 0;
    }
  }

  private Duration failed(Reason reason) {
    failures++;
    Duration retry = with.settings().retryAfter(failures);
    with.metrics().failed(key, reason);
    LOG.atWarn()
        .addKeyValue("event", "subscriber.failed")
        .addKeyValue("subscriber", key)
        .addKeyValue("reason", reason.code())
        .addKeyValue("failures", failures)
        .addKeyValue("retryInMillis", retry.toMillis())
        .log("a delivery to a subscriber failed; it is sent again");
    with.store().failed(key, reason);
    return quiet(retry);
  }

  private Duration quiet(Duration time) {
    quietUntil = System.nanoTime() + time.toNanos();
    return time;
  }

  @Override
  public boolean keep() {
    boolean young = System.nanoTime() - renewedAt <= RENEW.toNanos();
    return (lease != null && young) || take();
  }

  /** A node that was stalled may think so of a lease that another has by now. */
  @Override
  public boolean outlastsACall() {
    return lease != null
        && System.nanoTime() - renewedAt < LEASE.minus(SoapCalls.LONGEST).toNanos();
  }

  /** Takes the lease or makes it last; false if another node has it, or has had it meanwhile. */
  private boolean take() {
    String name = "subscriber:" + key;
    // Before the question: the lease begins when the database answers it, not when we read that.
    long asked = System.nanoTime();
    Optional<Lease> taken = with.leases().take(name, LEASE);
    renewedAt = asked;
    Lease held = lease;
    if (taken.isEmpty() || (held != null && !held.equals(taken.get()))) {
      lease = null;
      return false;
    }
    if (held == null) {
      Map<Integer, Long> positions = with.store().positions(key);
      if (positions.isEmpty()) {
        with.leases().release(name);
        stop();
        return false;
      }
      lease = taken.get();
      telling = new Telling(key, positions, with, sending);
    }
    return true;
  }

  private void pause(Duration time) {
    try {
      if (wake.tryAcquire(Math.max(0, time.toMillis()), TimeUnit.MILLISECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts us but to end the process.
      stopped = true;
      Thread.currentThread().interrupt();
    }
  }
}
