package se.samflode.api.rest;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The JSON API's own settings.
 *
 * @param deadline until an answer goes out with what has come, unless the caller says {@code
 *     Prefer: wait}; 100 ms to 20 s
 * @param lowestAge years; about younger residents nothing of the medical record is told; 0 to 18
 */
@Validated
@ConfigurationProperties("samflode.api.json")
record JsonSettings(
    @DefaultValue("2s") @DurationMin(millis = 100) @DurationMax(seconds = 20) Duration deadline,
    @DefaultValue("16") @Min(0) @Max(18) int lowestAge) {

  /** The longest that a caller may wish to wait. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
}
