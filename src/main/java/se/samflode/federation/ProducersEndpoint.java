package se.samflode.federation;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;
import se.samflode.contract.Contracts;
import se.samflode.contract.Reason;
import se.samflode.producer.Producer;
import se.samflode.producer.ProducerCalls;
import se.samflode.producer.ProducerState;
import se.samflode.producer.Producers;

/**
 * The operator's view of producers on this node, on the management port: the figures of the
 * metrics, put together. Thread-safe.
 */
@Component
@Endpoint(id = "producers")
final class ProducersEndpoint {

  /** What a call is told that was not made. */
  private static final Set<String> NOT_MADE =
      Set.of(
          Reason.LIMITED.code(),
          Reason.CIRCUIT_OPEN.code(),
          Reason.MAINTENANCE.code(),
          Reason.NO_ROUTE.code());

  private final Producers producers;
  private final ProducerCalls calls;
  private final SourceCounts counts;
  private final Freshness freshness;
  private final Fidelity fidelity;
  private final Contracts contracts;
  private final MeterRegistry metrics;

  ProducersEndpoint(
      Producers producers,
      ProducerCalls calls,
      SourceCounts counts,
      Freshness freshness,
      Fidelity fidelity,
      Contracts contracts,
      MeterRegistry metrics) {
    this.producers = producers;
    this.calls = calls;
    this.counts = counts;
    this.freshness = freshness;
    this.fidelity = fidelity;
    this.contracts = contracts;
    this.metrics = metrics;
  }

  /**
   * All producers.
   *
   * @param producers in the order of the registry
   */
  record Answer(List<Standing> producers) {}

  /**
   * One producer.
   *
   * @param now where it stands; {@code null} while its route has not started
   * @param contracts of those that it has been asked since the start, in the order of its entry
   */
  record Standing(
      String id,
      String region,
      String name,
      @Nullable ProducerState now,
      List<ContractFigures> contracts) {}

  /**
   * What was asked of a producer by one contract, since the start of this node.
   *
   * @param calls calls that were made
   * @param outcomes how often each, calls that were refused without being made too
   * @param meanMillis of the calls that were made, to the end of the answer
   * @param maxMillis the longest of the last minutes
   * @param withinMillis how many calls took at most so many milliseconds
   * @param sources what it was told as in answers, how often each
   * @param shedPercent of the times it was needed and could be shown, how often no call of it was
   *     made for that answer; {@code null} if it was never shown
   * @param meanAgeSeconds of what was shown from the cache; {@code null} if nothing was
   * @param maxAgeSeconds how long its answers are fresh now
   * @param fidelity how well it tells the index of its changes, as all nodes have seen
   */
  record ContractFigures(
      String contract,
      long calls,
      SortedMap<String, Long> outcomes,
      long meanMillis,
      long maxMillis,
      SortedMap<Long, Long> withinMillis,
      SortedMap<String, Long> sources,
      @Nullable Integer shedPercent,
      @Nullable Long meanAgeSeconds,
      long maxAgeSeconds,
      FidelityFigures fidelity) {}

  /**
   * How well a producer tells the index of its changes.
   *
   * @param proven whether its answers may live long
   * @param same comparisons that showed no change
   * @param told changes of which the index had told
   * @param late changes of which it told within five minutes
   * @param untold changes of which it did not tell
   */
  record FidelityFigures(boolean proven, long same, long told, long late, long untold) {

    static FidelityFigures of(Fidelity.Counts counts) {
      return new FidelityFigures(
          counts.proven(), counts.same(), counts.told(), counts.late(), counts.untold());
    }
  }

  /** Where all producers stand. */
  @ReadOperation
  Answer producers() {
    return new Answer(producers.all().stream().map(this::standing).toList());
  }

  private Standing standing(Producer producer) {
    return new Standing(
        producer.id(),
        producer.region(),
        producer.name(),
        calls.state(producer).orElse(null),
        producer.contracts().stream().flatMap(contract -> figures(producer, contract)).toList());
  }

  private Stream<ContractFigures> figures(Producer producer, String contract) {
    Collection<Timer> timers =
        metrics
            .find(ProducerCalls.METRIC)
            .tag("producer", producer.id())
            .tag("contract", contract)
            .timers();
    SortedMap<String, Long> told = counts.told(producer.id(), contract);
    if (timers.isEmpty() && told.isEmpty()) {
      return Stream.empty();
    }
    SortedMap<String, Long> outcomes = new TreeMap<>();
    timers.forEach(timer -> outcomes.merge(outcome(timer), timer.count(), Long::sum));
    List<Timer> made = timers.stream().filter(t -> !NOT_MADE.contains(outcome(t))).toList();
    long count = made.stream().mapToLong(Timer::count).sum();
    double total = made.stream().mapToDouble(t -> t.totalTime(TimeUnit.MILLISECONDS)).sum();
    double max = made.stream().mapToDouble(t -> t.max(TimeUnit.MILLISECONDS)).max().orElse(0);
    OptionalDouble age = counts.meanAge(producer.id(), contract);
    return Stream.of(
        new ContractFigures(
            contract,
            count,
            outcomes,
            count == 0 ? 0 : Math.round(total / count),
            Math.round(max),
            within(made),
            told,
            shedPercent(told),
            age.isEmpty() ? null : Math.round(age.getAsDouble()),
            freshness.maxAge(producer, contracts.named(contract)).toSeconds(),
            FidelityFigures.of(fidelity.counts(producer.id(), contract))));
  }

  private static @Nullable Integer shedPercent(SortedMap<String, Long> told) {
    long kept = told.getOrDefault("cached", 0L);
    long shown = kept + told.getOrDefault("live", 0L);
    return shown == 0 ? null : (int) (100 * kept / shown);
  }

  private static String outcome(Timer timer) {
    String outcome = timer.getId().getTag("outcome");
    return outcome == null ? "" : outcome;
  }

  private static SortedMap<Long, Long> within(List<Timer> timers) {
    SortedMap<Long, Long> within = new TreeMap<>();
    for (Timer timer : timers) {
      for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
        within.merge(
            Math.round(bucket.bucket(TimeUnit.MILLISECONDS)),
            Math.round(bucket.count()),
            Long::sum);
      }
    }
    return within;
  }
}
