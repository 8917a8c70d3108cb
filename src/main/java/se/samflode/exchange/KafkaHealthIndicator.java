package se.samflode.exchange;

import java.time.Instant;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The health indicator {@code kafka}, which is no part of readiness: reads stay right without
 * Kafka. Tells what is held up. Thread-safe.
 */
@Component
@WithKafka
final class KafkaHealthIndicator implements HealthIndicator {

  private final KafkaState state;
  private final KafkaMetrics metrics;
  private final ChangePublisher publisher;

  KafkaHealthIndicator(KafkaState state, KafkaMetrics metrics, ChangePublisher publisher) {
    this.state = state;
    this.metrics = metrics;
    this.publisher = publisher;
  }

  @Override
  public Health health() {
    KafkaState.Broker broker = state.broker();
    PublishedStore.Waiting waiting = metrics.waiting();
    ChangePublisher.Failing failing = publisher.failing();
    var stuck = state.waiting();
    boolean up =
        broker.reachable()
            && !broker.missingTopics().contains(KafkaRoutes.CHANGES)
            && failing == null
            && stuck.isEmpty();
    Health.Builder health = up ? Health.up() : Health.down();
    health
        .withDetail("broker", broker.reachable() ? "reachable" : "unreachable")
        .withDetail("since", broker.since().toString())
        .withDetail("waiting", waiting.changes())
        .withDetail("missingTopics", broker.missingTopics().stream().sorted().toList());
    Instant oldest = waiting.oldest();
    if (oldest != null) {
      health.withDetail("oldest", oldest.toString());
    }
    if (failing != null) {
      health
          .withDetail("publishFailsSince", failing.since().toString())
          .withDetail("publishError", failing.error());
    }
    stuck.forEach((route, since) -> health.withDetail("stuck " + route, since.toString()));
    return health.build();
  }
}
