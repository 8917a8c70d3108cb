package se.samflode.producer;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/** Reads the header Retry-After. Source: RFC 9110, section 10.2.3. Stateless. */
final class RetryAfter {

  /** Longer than this nobody is left alone on his word. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private RetryAfter() {}

  /**
   * How long to wait from now, more than nothing, at most {@link #LONGEST}; empty for a time that
   * has passed and for what is neither seconds nor an HTTP date.
   *
   * @param value as it came; {@code null} for no header
   */
  static Optional<Duration> parse(@Nullable String value, Instant now) {
    if (value == null || value.length() > 50) {
      return Optional.empty();
    }
    String text = value.strip();
    Duration wait = text.matches("[0-9]+") ? seconds(text) : until(text, now);
    return wait.isPositive()
        ? Optional.of(wait.compareTo(LONGEST) < 0 ? wait : LONGEST)
        : Optional.empty();
  }

  private static Duration seconds(String digits) {
    return digits.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
  }

  private static Duration until(String date, Instant now) {
    Instant until = DateUtils.parseStandardDate(date);
    return until == null ? Duration.ZERO : Duration.between(now, until);
  }
}
