package se.samflode.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DayOrTimeTest {

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "20260301, 2026-03-01, 2026-02-28T23:00:00Z",
    "20260701, 2026-07-01, 2026-06-30T22:00:00Z",
    "20240229, 2024-02-29, 2024-02-28T23:00:00Z",
    "20260301000000, 2026-03-01T00:00:00+01:00, 2026-02-28T23:00:00Z",
    "20261025023000, 2026-10-25T02:30:00+02:00, 2026-10-25T00:30:00Z"
  })
  void keepsThePrecisionOfTheSource(String stamp, String iso8601, String sortTime) {
    // when
    DayOrTime moment = DayOrTime.parse(stamp).orElseThrow();

    // then
    assertThat(moment.iso8601()).isEqualTo(iso8601);
    assertThat(moment.sortTime()).isEqualTo(sortTime);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "",
        "2026",
        "202603",
        "20260230",
        "20261301",
        "00000101",
        "2026-03-01",
        "202603011200",
        "2026030112000",
        "20260301240000",
        "٢٠٢٦٠٣٠١"
      })
  void refusesWhatIsNeitherDayNorTime(String stamp) {
    // then
    assertThat(DayOrTime.parse(stamp)).isEmpty();
  }
}
