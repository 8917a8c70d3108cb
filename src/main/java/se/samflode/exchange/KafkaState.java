package se.samflode.exchange;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What this node knows of Kafka: the broker, the topics, records that wait. Thread-safe. */
@Component
@WithKafka
class KafkaState {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaState.class);

  private final Clock clock;
  private final Map<String, Instant> waiting = new ConcurrentHashMap<>();
  private volatile Broker broker;
  private boolean looked;

  KafkaState(Clock clock) {
    this.clock = clock;
    this.broker = new Broker(false, clock.instant(), Set.of());
  }

  /**
   * The broker as it was seen last.
   *
   * @param reachable whether it answered
   * @param since since when it does or does not
   * @param missingTopics topics that are not there, or that we may not see
   */
  record Broker(boolean reachable, Instant since, Set<String> missingTopics) {}

  /** The broker as it was seen last. */
  Broker broker() {
    return broker;
  }

  /** Notes that the broker answers. */
  synchronized void reachable(Set<String> missingTopics) {
    looked = true;
    Broker before = broker;
    Instant since = before.reachable() ? before.since() : clock.instant();
    broker = new Broker(true, since, Set.copyOf(missingTopics));
    if (!before.reachable()) {
      LOG.atInfo()
          .addKeyValue("event", "kafka.reachable")
          .addKeyValue("missingTopics", missingTopics)
          .log("the Kafka broker answers");
    } else if (!before.missingTopics().equals(broker.missingTopics())) {
      LOG.atInfo()
          .addKeyValue("event", "kafka.topics-changed")
          .addKeyValue("missingTopics", missingTopics)
          .log("topics that are needed have come or gone");
    }
  }

  /** Notes that the broker does not answer. */
  synchronized void unreachable() {
    Broker before = broker;
    if (before.reachable() || !looked) {
      looked = true;
      broker = new Broker(false, clock.instant(), before.missingTopics());
      LOG.atError()
          .addKeyValue("event", "kafka.unreachable")
          .log("the Kafka broker does not answer; changes wait, and go out when it does");
    }
  }

  /**
   * Notes that a route's record cannot be answered now.
   *
   * @return whether it could be before
   */
  boolean waits(String route) {
    return waiting.putIfAbsent(route, clock.instant()) == null;
  }

  /**
   * Notes that a route's record has been answered.
   *
   * @return since when it had waited; null if it had not
   */
  @Nullable Instant goesOn(String route) {
    return waiting.remove(route);
  }

  /** The routes whose record waits, and since when. */
  Map<String, Instant> waiting() {
    return new TreeMap<>(waiting);
  }
}
