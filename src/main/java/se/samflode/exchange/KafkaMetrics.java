package se.samflode.exchange;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Figures of Kafka. Thread-safe. */
@Component
@WithKafka
class KafkaMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaMetrics.class);

  private final MeterRegistry metrics;
  private final PublishedStore store;
  private final Counter published;
  private final Counter failures;
  private final Counter lost;
  private volatile PublishedStore.Waiting waiting = new PublishedStore.Waiting(0, null);

  KafkaMetrics(MeterRegistry metrics, PublishedStore store, KafkaState state, Clock clock) {
    this.metrics = metrics;
    this.store = store;
    Gauge.builder("samflode.kafka.up", () -> state.broker().reachable() ? 1 : 0)
        .description("1 if the broker answers this node, else 0")
        .register(metrics);
    Gauge.builder("samflode.kafka.missing.topics", () -> state.broker().missingTopics().size())
        .description("Topics that are needed and are not there, or may not be seen")
        .register(metrics);
    Gauge.builder("samflode.kafka.waiting", () -> waiting.changes())
        .description("Changes of the index that have not been published")
        .register(metrics);
    Gauge.builder("samflode.kafka.oldest", () -> age(waiting, clock))
        .description("Age of the oldest of those")
        .baseUnit("seconds")
        .register(metrics);
    Gauge.builder("samflode.kafka.stuck.routes", () -> state.waiting().size())
        .description("Routes of senders whose record cannot be answered now")
        .register(metrics);
    published = counter("published", "Changes that the broker has acknowledged to this node");
    failures = counter("publish.failures", "Deliveries that the broker did not acknowledge");
    lost = counter("lost", "Changes that the feed no longer had when they were to be published");
  }

  private Counter counter(String name, String description) {
    return Counter.builder("samflode.kafka." + name).description(description).register(metrics);
  }

  private static double age(PublishedStore.Waiting waiting, Clock clock) {
    Instant oldest = waiting.oldest();
    return oldest == null ? 0 : Duration.between(oldest, clock.instant()).toMillis() / 1000.0;
  }

  /** Looks at what waits, as any node sees it. */
  @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
  void look() {
    try {
      waiting = store.waiting();
    } catch (DataAccessException e) {
      LOG.atDebug()
          .addKeyValue("event", "kafka.waiting-unknown")
          .addKeyValue("error", e.getClass().getName())
          .log("how much waits could not be looked at");
    }
  }

  /** What waited when it was last looked at, at most some seconds ago. */
  PublishedStore.Waiting waiting() {
    return waiting;
  }

  void published(int changes) {
    published.increment(changes);
  }

  void publishFailed() {
    failures.increment();
  }

  void lost(long changes) {
    lost.increment((double) changes);
  }

  /** Counts a record that has been answered. */
  void received(String sender, String outcome) {
    metrics.counter("samflode.kafka.received", "sender", sender, "outcome", outcome).increment();
  }
}
