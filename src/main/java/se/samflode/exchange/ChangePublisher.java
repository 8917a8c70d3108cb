package se.samflode.exchange;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import se.samflode.exchange.ChangeMessages.Unacknowledged;
import se.samflode.exchange.Leases.Lease;
import se.samflode.index.Change;
import se.samflode.index.ChangeFeed;

/**
 * Publishes the change feed to Kafka while this node holds the lease: bucket by bucket in order, at
 * least once. Where it has come to is written when the broker has acknowledged. Stops before the
 * routes do.
 */
@Component
@WithKafka
class ChangePublisher implements SmartLifecycle {

  /** The one lease under which is published. */
  static final String LEASE = "kafka:" + KafkaRoutes.PUBLISH;

  private static final Logger LOG = LoggerFactory.getLogger(ChangePublisher.class);

  /** As the route has it: until the topic is known, and until all is acknowledged. */
  private static final Duration LONGEST_SEND = Duration.ofSeconds(27);

  private static final Duration LEASE_LASTS = LONGEST_SEND.plusSeconds(13);
  private static final Duration RENEW = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration HELD_ELSEWHERE = Duration.ofSeconds(5);
  private static final Duration STALLED = Duration.ofSeconds(5);

  /** So often in a row must it fail before another node may try: this one may be cut off. */
  private static final int GIVES_WAY_AFTER = 3;

  /** Longer than it takes the others to see that the lease is free. */
  private static final Duration AWAY = HELD_ELSEWHERE.multipliedBy(2);

  /** Changes published at once. */
  private static final int MOST = 1000;

  /** Changes read at once: how far has been published is written once for all of them. */
  private static final int READ = 2000;

  private final ChangeFeed feed;
  private final PublishedStore store;
  private final Leases leases;
  private final KafkaRoutes routes;
  private final ChangeMessages messages;
  private final KafkaMetrics metrics;
  private final Clock clock;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Thread thread;
  private volatile @Nullable Failing failing;

  private Map<Integer, Long> positions = new HashMap<>();
  private @Nullable Lease lease;
  private long renewedAt;
  private int lastBucket = -1;
  private int failures;

  /** One at first, and after a failure: each waits for a broker that is not there. */
  private int most = 1;

  ChangePublisher(
      ChangeFeed feed,
      PublishedStore store,
      Leases leases,
      KafkaRoutes routes,
      ChangeMessages messages,
      KafkaMetrics metrics,
      Clock clock) {
    this.feed = feed;
    this.store = store;
    this.leases = leases;
    this.routes = routes;
    this.messages = messages;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Since when the broker acknowledges nothing, and the kind of error. */
  record Failing(Instant since, String error) {}

  /** How this node's publishing fails; null if it does not, or another node publishes. */
  @Nullable Failing failing() {
    return failing;
  }

  /** Begins when the routes can be made. */
  @EventListener(ApplicationReadyEvent.class)
  synchronized void begin() {
    if (isRunning() && thread == null) {
      thread = Thread.ofVirtual().name("kafka-publisher").start(this::run);
    }
  }

  private void run() {
    try {
      Duration pause = Duration.ZERO;
      while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = guardedTurn();
      }
      if (lease != null) {
        leases.release(LEASE);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts us but to end the process; the lease runs out by itself.
      Thread.currentThread().interrupt();
    }
  }

  private Duration guardedTurn() {
    try {
      return turn();
    } catch (RuntimeException e) {
      // The database, or a bug: neither may end publishing for good.
      lose();
      LOG.atError()
          .addKeyValue("event", "kafka.publishing-stalled")
          .addKeyValue("error", e.getClass().getName())
          .log("changes are not published; it goes on by itself");
      return STALLED;
    }
  }

  /** Does one thing, and tells how long there is nothing to do. */
  private Duration turn() {
    if (!routes.publishes()) {
      return LOOK;
    }
    if (sinceRenewal().compareTo(RENEW) > 0 && !take()) {
      return HELD_ELSEWHERE;
    }
    Map<Integer, Long> ends = feed.ends();
    SortedMap<Integer, Long> news = FeedBatch.beyond(positions, ends);
    if (news.isEmpty()) {
      return LOOK;
    }
    Map<Integer, Long> from = FeedBatch.next(news, lastBucket, ends, READ, READ);
    List<Change> read = feed.read(from, READ, READ);
    if (read.size() < READ) {
      Map<Integer, Long> vanished = FeedBatch.vanished(from.keySet(), ends, read);
      if (!vanished.isEmpty()) {
        long lost = 0;
        for (Map.Entry<Integer, Long> end : vanished.entrySet()) {
          lost += end.getValue() - from.getOrDefault(end.getKey(), 0L);
        }
        return advance(vanished, lost);
      }
    }
    return publish(from, read);
  }

  /** Publishes what was read, of each engagement one change at a time. */
  private Duration publish(Map<Integer, Long> from, List<Change> read) {
    Map<Integer, Long> reached = new HashMap<>(from);
    Map<Integer, Long> published = new TreeMap<>();
    List<Change> left = read;
    long lost = 0;
    Duration pause = Duration.ZERO;
    // A node that was stalled meanwhile must not publish beside the one that has the lease by now.
    while (!left.isEmpty()
        && isRunning()
        && sinceRenewal().compareTo(LEASE_LASTS.minus(LONGEST_SEND)) < 0) {
      FeedBatch batch = FeedBatch.of(reached, left, most, change -> true);
      try {
        messages.publish(batch.wanted());
      } catch (Unacknowledged e) {
        pause = failed(String.valueOf(e.getMessage()));
        break;
      }
      recovered();
      metrics.published(batch.wanted().size());
      lost += batch.gap() ? missing(reached, batch) : 0;
      reached.putAll(batch.positions());
      published.putAll(batch.positions());
      left =
          left.stream()
              .filter(change -> change.position() > reached.getOrDefault(change.bucket(), 0L))
              .toList();
    }
    if (!published.isEmpty()) {
      lastBucket = Collections.max(published.keySet());
      pause = longer(pause, advance(published, lost));
    }
    return failures > 0 && failures % GIVES_WAY_AFTER == 0 ? longer(pause, giveWay()) : pause;
  }

  private Duration giveWay() {
    if (lease != null) {
      lease = null;
      leases.release(LEASE);
    }
    return AWAY;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Changes that the feed no longer has, between where it was read from and what it gave. */
  private static long missing(Map<Integer, Long> from, FeedBatch batch) {
    Map<Integer, Long> first = new HashMap<>();
    batch.wanted().forEach(change -> first.putIfAbsent(change.bucket(), change.position()));
    return first.entrySet().stream()
        .mapToLong(e -> e.getValue() - 1 - from.getOrDefault(e.getKey(), 0L))
        .sum();
  }

  private Duration advance(Map<Integer, Long> published, long lost) {
    Lease held = lease;
    if (held == null || !store.advance(held, published)) {
      lose();
      return HELD_ELSEWHERE;
    }
    positions.putAll(published);
    if (lost > 0) {
      metrics.lost(lost);
      LOG.atError()
          .addKeyValue("event", "kafka.changes-lost")
          .addKeyValue("changes", lost)
          .log("the feed no longer has changes that were not published");
    }
    return Duration.ZERO;
  }

  private Duration failed(String error) {
    failures++;
    most = 1;
    Duration retry = Duration.ofSeconds(1L << Math.min(failures - 1, 4));
    Failing before = failing;
    failing = new Failing(before == null ? clock.instant() : before.since(), error);
    metrics.publishFailed();
    LOG.atWarn()
        .addKeyValue("event", "kafka.publish-failed")
        .addKeyValue("error", error)
        .addKeyValue("failures", failures)
        .addKeyValue("retryInMillis", retry.toMillis())
        .log("the broker did not acknowledge changes; they are published again");
    return retry;
  }

  private void recovered() {
    most = MOST;
    failing = null;
    if (failures > 0) {
      LOG.atInfo()
          .addKeyValue("event", "kafka.publish-recovered")
          .addKeyValue("failures", failures)
          .log("the broker acknowledges changes again");
      failures = 0;
    }
  }

  private Duration sinceRenewal() {
    return lease == null ? LEASE_LASTS : Duration.ofNanos(System.nanoTime() - renewedAt);
  }

  /** Takes the lease or makes it last; false if another node has it, or has had it meanwhile. */
  private boolean take() {
    // Before the question: the lease begins when the database answers it, not when we read that.
    long asked = System.nanoTime();
    Optional<Lease> taken = leases.take(LEASE, LEASE_LASTS);
    if (taken.isEmpty()) {
      lose();
      return false;
    }
    if (!taken.get().equals(lease)) {
      positions = store.positions();
      lastBucket = -1;
    }
    lease = taken.get();
    renewedAt = asked;
    return true;
  }

  private void lose() {
    lease = null;
    failing = null;
  }

  /** Else Camel would be started with us, before it has its routes. */
  @Override
  public boolean isAutoStartup() {
    return false;
  }

  @Override
  public void start() {
    // See begin.
  }

  @Override
  public void stop() {
    stopping.countDown();
    Thread running = thread;
    if (running != null) {
      try {
        running.join(LONGEST_SEND);
      } catch (InterruptedException e) {
        // Spring's patience is at its end; the lease runs out by itself.
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return stopping.getCount() > 0;
  }
}
