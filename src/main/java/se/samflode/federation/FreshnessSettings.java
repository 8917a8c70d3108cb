package se.samflode.federation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long a fragment may be served, while the index knows of no change.
 *
 * @param proven for a producer that has proven that it indexes its changes, up to 7 days; for one
 *     that has not, its contract's descriptor says how long
 * @param maxStale beyond that, where the producer cannot be asked, up to 7 days
 * @param settling how long after a change a producer may still answer as before, up to 10 minutes
 * @param verified the share of hits that are fetched again to compare, 0 to 1
 */
@Validated
@ConfigurationProperties("samflode.freshness")
record FreshnessSettings(
    @DefaultValue("12h") Duration proven,
    @DefaultValue("24h") Duration maxStale,
    @DefaultValue("60s") Duration settling,
    @DefaultValue("0.01") double verified) {

  private static final Duration LONGEST = Duration.ofDays(7);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of its range; the text says which
   */
  FreshnessSettings {
    within(proven, LONGEST, "proven must be 0s to 7d");
    within(maxStale, LONGEST, "max-stale must be 0s to 7d");
    within(settling, Duration.ofMinutes(10), "settling must be 0s to 10m");
    if (!(verified >= 0 && verified <= 1)) {
      throw new IllegalArgumentException("samflode.freshness.verified must be 0 to 1");
    }
  }

  private static void within(Duration value, Duration longest, String rule) {
    if (value.isNegative() || value.compareTo(longest) > 0) {
      throw new IllegalArgumentException("samflode.freshness." + rule);
    }
  }
}
