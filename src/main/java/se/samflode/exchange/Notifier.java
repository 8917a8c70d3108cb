package se.samflode.exchange;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import se.samflode.exchange.Subscribers.Configured;

/**
 * Sees to it that every subscriber has a sender that knows of the news. Looks at the feed once per
 * interval, whatever the number of subscribers. Stops before the routes do, and lets deliveries
 * under way end.
 */
@Component
class Notifier implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
  private static final Duration UPKEEP = Duration.ofSeconds(5);

  private final Subscribers subscribers;
  private final SubscriberRegister register;
  private final SubscriberStates states;
  private final Delivery with;
  private final Map<String, Running> senders = new HashMap<>();
  private final Set<String> enrolled = new HashSet<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile Set<String> askedToResend = Set.of();
  private volatile List<Thread> loops = List.of();

  Notifier(
      Subscribers subscribers,
      SubscriberRegister register,
      SubscriberStates states,
      Delivery with) {
    this.subscribers = subscribers;
    this.register = register;
    this.states = states;
    this.with = with;
  }

  private record Running(Sender sender, Thread thread) {}

  /** Begins when the routes take calls. */
  @EventListener(ApplicationReadyEvent.class)
  synchronized void begin() {
    if (stopping.getCount() > 0 && loops.isEmpty()) {
      loops =
          List.of(
              Thread.ofVirtual()
                  .name("subscriber-news")
                  .start(() -> repeat(this::look, with.settings().pollInterval())),
              Thread.ofVirtual()
                  .name("subscriber-upkeep")
                  .start(() -> repeat(this::upkeep, UPKEEP)));
    }
  }

  private void repeat(Runnable work, Duration interval) {
    try {
      do {
        guarded(work);
      } while (!stopping.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // Nobody interrupts us but to end the process.
      Thread.currentThread().interrupt();
    }
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // The database, or a bug: neither may end all deliveries for good.
      LOG.atError()
          .addKeyValue("event", "subscriber.stalled")
          .addKeyValue("subscriber", "all")
          .addKeyValue("error", e.getClass().getName())
          .log("deliveries to subscribers wait; they go on by themselves");
    }
  }

  private void look() {
    Map<String, Configured> current = subscribers.current();
    senders.forEach((key, running) -> {
      if (!current.containsKey(key)) {
        running.sender().stop();
      }
    });
    // Not before its call has ended: two senders of a node would hold the same lease.
    senders.values().removeIf(running -> !running.thread().isAlive());
    // One that was forgotten while it was told has no sender any more, and is enrolled again.
    enrolled.retainAll(senders.keySet());
    current.forEach((key, configured) -> start(key, configured.subscriber()));
    if (!senders.isEmpty()) {
      Map<Integer, Long> ends = with.feed().ends();
      senders.forEach((key, running) -> running.sender().news(ends, askedToResend.contains(key)));
    }
  }

  private void start(String key, Subscriber subscriber) {
    if (!enrolled.contains(key)) {
      if (with.store().enrol(key)) {
        LOG.atInfo()
            .addKeyValue("event", "subscriber.enrolled")
            .addKeyValue("subscriber", key)
            .log("a new subscriber is told of what changes from now on");
      }
      // Only now: one that could not be enrolled has no place in the feed, and must have one before
      // it is told anything.
      enrolled.add(key);
    }
    senders
        .computeIfAbsent(
            key,
            k -> {
              Sender sender = new Sender(subscriber, with);
              return new Running(sender, Thread.ofVirtual().name("subscriber " + k).start(sender));
            })
        .sender()
        .follow(subscriber);
  }

  /** Each by itself: one that fails must not hold up the others. */
  private void upkeep() {
    guarded(() -> askedToResend = with.store().askedToResend());
    guarded(() -> with.metrics().show(states.all()));
    guarded(register::keep);
  }

  @Override
  public void start() {
    // Camel's routes take calls later: see begin.
  }

  @Override
  public void stop() {
    synchronized (this) {
      stopping.countDown();
    }
    loops.forEach(Notifier::join);
    senders.values().forEach(running -> running.sender().stop());
    senders.values().forEach(running -> join(running.thread()));
  }

  @Override
  public boolean isRunning() {
    return stopping.getCount() > 0;
  }

  private static void join(Thread thread) {
    try {
      thread.join(SoapCalls.LONGEST.plusSeconds(5));
    } catch (InterruptedException e) {
      // Spring's patience is at its end; the leases run out by themselves.
      Thread.currentThread().interrupt();
    }
  }
}
