package se.samflode.exchange;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;
import se.samflode.contract.Reason;

/** Figures of subscribers, by their logical address. Thread-safe. */
@Component
class SubscriberMetrics {

  private static final String SUBSCRIBER = "subscriber";

  private final MeterRegistry metrics;
  private final Clock clock;
  private final MultiGauge behind;
  private final MultiGauge oldest;
  private final MultiGauge deadLetters;
  private final MultiGauge toSeed;

  SubscriberMetrics(MeterRegistry metrics, Clock clock) {
    this.metrics = metrics;
    this.clock = clock;
    this.behind =
        MultiGauge.builder("samflode.subscriber.behind")
            .description("Changes that have not been told, those that the subscriber filters too")
            .register(metrics);
    this.oldest =
        MultiGauge.builder("samflode.subscriber.oldest")
            .description("Age of the oldest change that has not been told")
            .baseUnit("seconds")
            .register(metrics);
    this.deadLetters =
        MultiGauge.builder("samflode.subscriber.dead.letters")
            .description("Keys of which a change has been given up, counted up to 10,000")
            .register(metrics);
    this.toSeed =
        MultiGauge.builder("samflode.subscriber.to.seed")
            .description("1 if it lacks what no delivery will bring, else 0")
            .register(metrics);
  }

  void delivered(String subscriber, int changes) {
    metrics.counter("samflode.subscriber.delivered", SUBSCRIBER, subscriber).increment(changes);
  }

  void failed(String subscriber, Reason reason) {
    metrics
        .counter("samflode.subscriber.failures", SUBSCRIBER, subscriber, "reason", reason.code())
        .increment();
  }

  /** Shows the state of all subscribers, as any node sees it. */
  void show(List<SubscriberState> states) {
    rows(behind, states, SubscriberState::behind);
    rows(oldest, states, this::age);
    rows(deadLetters, states, SubscriberState::deadLetters);
    rows(toSeed, states, state -> state.seedAnewSince() == null ? 0 : 1);
  }

  private double age(SubscriberState state) {
    return state.oldest() == null
        ? 0
        : Duration.between(state.oldest(), clock.instant()).toMillis() / 1000.0;
  }

  private static void rows(
      MultiGauge gauge, List<SubscriberState> states, ToDoubleFunction<SubscriberState> figure) {
    List<Row<?>> rows =
        states.stream()
            .<Row<?>>map(s -> Row.of(Tags.of(SUBSCRIBER, s.address()), figure.applyAsDouble(s)))
            .toList();
    gauge.register(rows, true);
  }
}
