package se.samflode.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ByteArrayResource;
import se.samflode.config.InvalidFile;
import se.samflode.config.YamlFiles;

class MaintenanceTest {

  private static final Maintenance WINDOWS =
      read(
          """
          once:
            - { from: 2026-12-05T22:00:00+01:00, to: 2026-12-06T04:00:00+01:00 }
          weekly:
            - { day: sunday, from: 02:00, to: 04:30 }
            - { day: wednesday, from: 23:00, to: 01:00 }
          """);

  @ParameterizedTest
  @CsvSource({
    "2026-12-05T21:59:59+01:00, false",
    "2026-12-05T22:00:00+01:00, true",
    "2026-12-06T02:59:59Z, true",
    "2026-12-06T04:30:00+01:00, false",
    // Sundays, in winter and in summer time
    "2027-01-10T01:59:59+01:00, false",
    "2027-01-10T02:00:00+01:00, true",
    "2027-01-10T04:30:00+01:00, false",
    "2027-07-11T02:29:00Z, true",
    "2027-07-11T02:30:00Z, false",
    "2027-07-12T02:00:00+02:00, false",
    // the nights on which the clock is put forward and back
    "2027-03-28T03:00:00+02:00, true",
    "2027-10-31T02:30:00+02:00, true",
    "2027-10-31T02:30:00+01:00, true",
    // over midnight
    "2027-01-13T22:59:00+01:00, false",
    "2027-01-13T23:00:00+01:00, true",
    "2027-01-14T00:59:00+01:00, true",
    "2027-01-14T01:00:00+01:00, false",
    "2027-01-13T00:30:00+01:00, false"
  })
  void holdsWithinItsWindows(OffsetDateTime now, boolean holds) {
    assertThat(WINDOWS.holds(now.toInstant())).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "once: [{ from: 2026-12-06T04:00:00+01:00, to: 2026-12-06T03:00:00+01:00 }]",
        "once: [{ from: 2026-12-06T04:00:00, to: 2026-12-07T04:00:00 }]",
        "once: [{ to: 2026-12-07T04:00:00Z }]",
        "weekly: [{ day: sondag, from: 02:00, to: 03:00 }]",
        "weekly: [{ day: sunday, from: 25:00, to: 03:00 }]",
        "weekly: [{ day: sunday, to: 03:00 }]",
        "weekly: [{ from: 02:00, to: 03:00 }]",
        "daily: []"
      })
  void refusesWhatCannotBeMeant(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(InvalidFile.class);
  }

  @ParameterizedTest
  @CsvSource({"50, true", "51, false"})
  void isBounded(int entries, boolean read) {
    String text = "weekly:\n" + "  - { day: sunday, from: 02:00, to: 03:00 }\n".repeat(entries);
    if (read) {
      assertThat(read(text).weekly()).hasSize(entries);
    } else {
      assertThatThrownBy(() -> read(text)).hasMessageContaining("50 entries");
    }
  }

  private static Maintenance read(String text) {
    return YamlFiles.read(new ByteArrayResource(text.getBytes(UTF_8), "test"), Maintenance.class);
  }
}
