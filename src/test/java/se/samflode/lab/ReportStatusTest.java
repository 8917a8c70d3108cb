package se.samflode.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportStatusTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                             | UNKNOWN",
        "WITHDRAWN WITHDRAWN            | WITHDRAWN",
        "FINAL WITHDRAWN                | FINAL",
        "FINAL -                        | UNKNOWN",
        "CANCELLED CANCELLED            | CANCELLED",
        "CANCELLED WITHDRAWN            | CANCELLED",
        "REGISTERED CANCELLED           | REGISTERED",
        "REGISTERED PRELIMINARY FINAL   | PRELIMINARY",
        "PARTIAL FINAL                  | PRELIMINARY",
        "REGISTERED FINAL               | PARTIAL",
        "FINAL CORRECTED AMENDED        | CORRECTED",
        "FINAL AMENDED                  | AMENDED",
        "FINAL CANCELLED                | FINAL",
      })
  void isThatOfTheFirstRowThatHolds(String analyses, ReportStatus status) {
    // given
    List<@Nullable ReportStatus> given = new ArrayList<>();
    for (String analysis : analyses.isEmpty() ? new String[0] : analyses.split(" ", -1)) {
      given.add(analysis.equals("-") ? null : ReportStatus.valueOf(analysis));
    }

    // when, then
    assertThat(ReportStatus.ofAll(given)).isEqualTo(status);
  }
}
