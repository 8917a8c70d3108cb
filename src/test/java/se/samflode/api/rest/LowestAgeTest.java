package se.samflode.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LowestAgeTest {

  @ParameterizedTest
  @CsvSource({
    // born, lowest age, today, too young
    "2010-11-30, 16, 2026-11-29, true",
    "2010-11-30, 16, 2026-11-30, false",
    "2010-11-30, 16, 2026-12-01, false",
    "2008-02-29, 18, 2026-02-27, true",
    "2008-02-29, 18, 2026-02-28, false",
    "2008-02-29, 16, 2024-02-28, true",
    "2008-02-29, 16, 2024-02-29, false",
    "2026-11-30, 0, 2026-11-30, false",
    "2026-12-01, 0, 2026-11-30, true",
  })
  void endsOnABirthday(LocalDate born, int lowest, LocalDate today, boolean tooYoung) {
    assertThat(ReadModelController.isTooYoung(born, lowest, today)).isEqualTo(tooYoung);
  }
}
