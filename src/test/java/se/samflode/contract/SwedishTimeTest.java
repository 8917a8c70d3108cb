package se.samflode.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwedishTimeTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "20261121190705, 2026-11-21T19:07:05+01:00",
    "20260701120000, 2026-07-01T12:00:00+02:00",
    "20280229235959, 2028-02-29T23:59:59+01:00",
    "20270101000000, 2027-01-01T00:00:00+01:00"
  })
  void readsStampsAsSwedishTime(String stamp, String expected) {
    // when
    Optional<OffsetDateTime> time = SwedishTime.parse(stamp);

    // then
    assertThat(time).hasValue(OffsetDateTime.parse(expected));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "20261025015959, 2026-10-25T01:59:59+02:00",
    "20261025020000, 2026-10-25T02:00:00+02:00",
    "20261025025959, 2026-10-25T02:59:59+02:00",
    "20261025030000, 2026-10-25T03:00:00+01:00"
  })
  void takesTheAutumnHourThatComesTwiceAsSummerTime(String stamp, String expected) {
    // when
    Optional<OffsetDateTime> time = SwedishTime.parse(stamp);

    // then
    assertThat(time).hasValue(OffsetDateTime.parse(expected));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "20270328015959, 2027-03-28T01:59:59+01:00",
    "20270328020000, 2027-03-28T03:00:00+02:00",
    "20270328025959, 2027-03-28T03:59:59+02:00",
    "20270328030000, 2027-03-28T03:00:00+02:00"
  })
  void movesTheMissingSpringHourForward(String stamp, String expected) {
    // when
    Optional<OffsetDateTime> time = SwedishTime.parse(stamp);

    // then
    assertThat(time).hasValue(OffsetDateTime.parse(expected));
  }

  @ParameterizedTest(name = "stamp {index}")
  @ValueSource(
      strings = {
        "",
        "20261121",
        "2026112119070",
        "202611211907055",
        "20261121190705\n",
        " 20261121190705",
        "20261121 90705",
        "2026-11-21T19:07:05",
        "+2026112119070",
        "2026112119070\uff15",
        "2026112119070\u0665",
        "20260230120000",
        "20270229120000",
        "20261321120000",
        "20260021120000",
        "20261100120000",
        "20261121240000",
        "20261121196000",
        "20261121190760",
        "00261121190705"
      })
  void refusesWhatIsNoStampOfFourteenDigits(String stamp) {
    // when
    Optional<OffsetDateTime> time = SwedishTime.parse(stamp);

    // then
    assertThat(time).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "2026-11-21T18:07:05.999Z, 20261121190705",
    "2026-07-01T10:00:00Z, 20260701120000",
    "2026-10-25T00:30:00Z, 20261025023000",
    "2026-10-25T01:30:00Z, 20261025023000"
  })
  void writesInstantsAsSwedishTime(String instant, String expected) {
    // when
    String stamp = SwedishTime.format(Instant.parse(instant));

    // then
    assertThat(stamp).isEqualTo(expected);
  }

  @Test
  void readsWhatItWrites() {
    // given
    Instant written = Instant.parse("2026-11-21T18:07:05Z");

    // when
    Optional<Instant> read =
        SwedishTime.parse(SwedishTime.format(written)).map(OffsetDateTime::toInstant);

    // then
    assertThat(read).hasValue(written);
  }
}
