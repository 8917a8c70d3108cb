package se.samflode.exchange;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** How long ago sources were pulled to the end, by any node. Thread-safe. */
@Component
class PullMetrics {

  private final PullSources sources;
  private final PullState state;
  private final Clock clock;
  private final MultiGauge age;
  private final MultiGauge interval;

  PullMetrics(PullSources sources, PullState state, MeterRegistry metrics, Clock clock) {
    this.sources = sources;
    this.state = state;
    this.clock = clock;
    this.age =
        MultiGauge.builder("samflode.pull.last.success")
            .description(
                "Since the last run began that came to its end; since the first, if none has")
            .baseUnit("seconds")
            .register(metrics);
    this.interval =
        MultiGauge.builder("samflode.pull.interval")
            .description("How often the source is to be pulled")
            .baseUnit("seconds")
            .register(metrics);
  }

  /** Shows all sources that are on. */
  @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
  void look() {
    Map<Tags, Instant> since = new HashMap<>();
    try {
      state
          .all()
          .forEach(s -> {
            Instant last = s.lastSuccess() == null ? s.runStarted() : s.lastSuccess();
            since.put(
                tags(s.source(), s.serviceDomain()), Objects.requireNonNullElse(last, Instant.MAX));
          });
    } catch (DataAccessException e) {
      return; // what was seen last stays
    }
    Instant now = clock.instant();
    List<Row<?>> ages = new ArrayList<>();
    List<Row<?>> intervals = new ArrayList<>();
    for (PullSource source : sources.all()) {
      if (source.enabled()) {
        for (String domain : source.serviceDomains()) {
          Tags tags = tags(source.id(), domain);
          Instant last = since.getOrDefault(tags, now);
          ages.add(Row.of(tags, last.isAfter(now) ? 0 : Duration.between(last, now).toSeconds()));
          intervals.add(Row.of(tags, source.interval().toSeconds()));
        }
      }
    }
    age.register(ages, true);
    interval.register(intervals, true);
  }

  private static Tags tags(String source, String domain) {
    return Tags.of("source", source, "domain", domain);
  }
}
