package se.samflode.exchange;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.validation.annotation.Validated;

/**
 * How subscribers of the index are told.
 *
 * @param file the YAML file of subscribers, re-read on change; none by default
 * @param pollInterval how often each node looks for changes, 50 ms to 1 min
 * @param firstRetry until a failed delivery is tried again, 100 ms to 1 min; doubles with each
 *     failure
 * @param longestRetry the longest time between two tries, 1 s to 1 h
 * @param refusals how often a change may be refused by itself, while others are taken, before it is
 *     given up, 1 to 1,000
 * @param giveUpAfter age of a change that a silent subscriber is not told any more, 1 h to 399 d;
 *     at least a day less than the feed's retention
 */
@Validated
@ConfigurationProperties("samflode.subscribers")
record SubscriberSettings(
    @Nullable Resource file,
    @DefaultValue("500ms") @DurationMin(millis = 50) @DurationMax(minutes = 1)
        Duration pollInterval,
    @DefaultValue("1s") @DurationMin(millis = 100) @DurationMax(minutes = 1) Duration firstRetry,
    @DefaultValue("5m") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration longestRetry,
    @DefaultValue("10") @Min(1) @Max(1000) int refusals,
    @DefaultValue("7d") @DurationMin(hours = 1) @DurationMax(days = 399) Duration giveUpAfter) {

  /**
   * How long to wait after some failures in a row.
   *
   * @param failures 1 or more
   */
  Duration retryAfter(int failures) {
    int doublings = Math.min(failures - 1, 30);
    Duration wait = firstRetry.multipliedBy(1L << doublings);
    return wait.compareTo(longestRetry) < 0 ? wait : longestRetry;
  }
}
