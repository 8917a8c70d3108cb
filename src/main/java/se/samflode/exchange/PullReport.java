package se.samflode.exchange;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Tells the operator what became of each run: in the log, in the metrics. Thread-safe. */
@Component
class PullReport {

  private static final Logger LOG = LoggerFactory.getLogger(PullReport.class);

  private final MeterRegistry metrics;
  private final Clock clock;
  private final Map<Key, Failure> failures = new ConcurrentHashMap<>();

  PullReport(MeterRegistry metrics, Clock clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  private record Key(String source, String serviceDomain) {}

  /**
   * Why a run of this node failed.
   *
   * @param reason a code
   */
  record Failure(String reason, Instant at) {}

  /** The last failure on this node since its start, unless a run has come to its end since. */
  Optional<Failure> lastFailure(String source, String serviceDomain) {
    return Optional.ofNullable(failures.get(new Key(source, serviceDomain)));
  }

  /** Takes note of a run that has ended. */
  void ended(
      PullSource source,
      String serviceDomain,
      String correlationId,
      PullOutcome outcome,
      Duration took) {
    switch (outcome.end()) {
      case NOT_DUE -> {
        return;
      }
      case STOPPED -> {
        // goes on elsewhere or later
      }
      case COMPLETED -> completed(source, serviceDomain, correlationId, outcome, took);
      case FAILED -> failed(source, serviceDomain, correlationId, outcome);
    }
    leftOut(source, serviceDomain, correlationId, outcome.leftOut());
    count(source, outcome, took);
  }

  private void completed(
      PullSource source,
      String serviceDomain,
      String correlationId,
      PullOutcome outcome,
      Duration took) {
    failures.remove(new Key(source.id(), serviceDomain));
    LOG.atInfo()
        .addKeyValue("event", "pull.completed")
        .addKeyValue("correlationId", correlationId)
        .addKeyValue("source", source.id())
        .addKeyValue("domain", serviceDomain)
        .addKeyValue("pages", outcome.pages())
        .addKeyValue("residents", outcome.residents())
        .addKeyValue("millis", took.toMillis())
        .log("a source's changes are stored");
  }

  private void failed(
      PullSource source, String serviceDomain, String correlationId, PullOutcome outcome) {
    String reason = Objects.requireNonNullElse(outcome.reason(), "unknown");
    failures.put(new Key(source.id(), serviceDomain), new Failure(reason, clock.instant()));
    LOG.atWarn()
        .addKeyValue("event", "pull.failed")
        .addKeyValue("correlationId", correlationId)
        .addKeyValue("source", source.id())
        .addKeyValue("domain", serviceDomain)
        .addKeyValue("reason", reason)
        .addKeyValue("pages", outcome.pages())
        .log("a source could not be pulled; what it has told is stored, and it is asked again");
  }

  private void leftOut(
      PullSource source, String serviceDomain, String correlationId, Map<String, Integer> byRule) {
    if (byRule.isEmpty()) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("event", "pull.engagements-left-out")
        .addKeyValue("correlationId", correlationId)
        .addKeyValue("source", source.id())
        .addKeyValue("domain", serviceDomain)
        .addKeyValue("leftOut", byRule.values().stream().mapToInt(Integer::intValue).sum())
        .addKeyValue("rules", byRule)
        .log("engagements of a source break the contract");
    byRule.forEach((rule, count) ->
        metrics
            .counter("samflode.pull.left.out", "source", source.id(), "rule", rule)
            .increment(count));
  }

  private void count(PullSource source, PullOutcome outcome, Duration took) {
    Timer.builder("samflode.pull.runs")
        .description("Runs until they ended")
        .tag("source", source.id())
        .tag(
            "outcome",
            Objects.requireNonNullElse(
                outcome.reason(), outcome.end().name().toLowerCase(Locale.ROOT)))
        .register(metrics)
        .record(took);
    metrics
        .counter("samflode.pull.residents", "source", source.id())
        .increment((double) outcome.residents());
  }
}
