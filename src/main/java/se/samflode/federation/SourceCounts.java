package se.samflode.federation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Counts answers, what sources were told as in them, and how old that was. Thread-safe. */
@Component
final class SourceCounts {

  private static final String NOBODY = "none";

  private static final Duration[] BUCKETS =
      Stream.of(50, 100, 250, 500, 1000, 2000, 5000, 15_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry metrics;
  private final Map<Answered, Timer> answers = new ConcurrentHashMap<>();
  private final Map<Told, Counter> outcomes = new ConcurrentHashMap<>();
  private final Map<Told, DistributionSummary> ages = new ConcurrentHashMap<>();

  SourceCounts(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  private record Answered(String contract, boolean complete) {}

  /** Counts one answer, and how long it took to be ready. */
  void answered(String contract, boolean complete, long nanos) {
    answers
        .computeIfAbsent(new Answered(contract, complete), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Answered answered) {
    return Timer.builder("samflode.questions")
        .description("Questions, until their answer was ready to be written")
        .tag("contract", answered.contract())
        .tag("complete", String.valueOf(answered.complete()))
        .serviceLevelObjectives(BUCKETS)
        .register(metrics);
  }

  private record Told(String producer, String contract, String outcome) {}

  /**
   * Counts one source of one answer.
   *
   * @param contract {@code null} where nobody was asked
   */
  void count(@Nullable String contract, Outcome outcome, Instant asOf) {
    Answering producer = outcome.producer();
    Told told =
        new Told(
            producer == null ? NOBODY : producer.id(),
            contract == null ? NOBODY : contract,
            outcome.told());
    outcomes.computeIfAbsent(told, this::counter).increment();
    Fragment fragment = outcome.fragment();
    if (fragment != null && !(outcome instanceof Outcome.Live)) {
      Duration age = Duration.between(fragment.fetchedAt(), asOf);
      ages.computeIfAbsent(told, this::ages).record(age.toMillis() / 1000.0);
    }
  }

  /** How often a producer was told as what, since the start; in the order of names. */
  SortedMap<String, Long> told(String producer, String contract) {
    SortedMap<String, Long> all = new TreeMap<>();
    outcomes.forEach((told, counter) -> {
      if (told.producer().equals(producer) && told.contract().equals(contract)) {
        all.put(told.outcome(), Math.round(counter.count()));
      }
    });
    return all;
  }

  /** The mean age of what was told of a producer from the cache, seconds; empty if nothing was. */
  OptionalDouble meanAge(String producer, String contract) {
    double total = 0;
    long count = 0;
    for (Map.Entry<Told, DistributionSummary> one : ages.entrySet()) {
      if (one.getKey().producer().equals(producer) && one.getKey().contract().equals(contract)) {
        total += one.getValue().totalAmount();
        count += one.getValue().count();
      }
    }
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(total / count);
  }

  private Counter counter(Told told) {
    return Counter.builder("samflode.sources")
        .description("Sources in answers, by what they were told as")
        .tag("producer", told.producer())
        .tag("contract", told.contract())
        .tag("outcome", told.outcome())
        .register(metrics);
  }

  private DistributionSummary ages(Told told) {
    return DistributionSummary.builder("samflode.sources.age")
        .description("Age of what was served from the cache")
        .baseUnit("seconds")
        .tag("producer", told.producer())
        .tag("contract", told.contract())
        .tag("outcome", told.outcome())
        .serviceLevelObjectives(60, 300, 3_600, 43_200, 86_400, 604_800)
        .register(metrics);
  }
}
