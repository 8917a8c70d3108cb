package se.samflode.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-29T18:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | PT1S",
        "' 120 ' | PT2M",
        "301 | PT5M",
        "99999999999999999999 | PT5M",
        "Sun, 29 Nov 2026 18:00:30 GMT | PT30S",
        "Sunday, 29-Nov-26 18:00:30 GMT | PT30S",
        "Mon, 29 Nov 2027 18:00:00 GMT | PT5M"
      })
  void readsSecondsAndDatesUpToFiveMinutes(String header, Duration wait) {
    assertThat(RetryAfter.parse(header, NOW)).contains(wait);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "1.5",
        "soon",
        "Sun, 29 Nov 2026 17:59:59 GMT",
        "Sun, 29 Nov 2026",
        "120, 120",
        "٣",
        "1111111111111111111111111111111111111111111111111111"
      })
  void ignoresWhatIsPastOrNeither(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isEmpty();
  }

  @Test
  void ignoresNoHeader() {
    assertThat(RetryAfter.parse(null, NOW)).isEmpty();
  }
}
