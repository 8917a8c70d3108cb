package se.samflode.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultStatusTest {

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "REG, REGISTERED",
    "PREL, PRELIMINARY",
    "prel, PRELIMINARY",
    "DEF, FINAL",
    "FINAL, FINAL",
    "TILL, AMENDED",
    "KVAL, AMENDED",
    "AVED, CANCELLED",
    "Svar, ",
    ", "
  })
  void knowsTheSourcesCodes(String code, ResultStatus status) {
    // then
    assertThat(ResultStatus.of(code)).isEqualTo(status);
  }

  @ParameterizedTest(name = "{0} makes {1}")
  @CsvSource({
    "'', ",
    "FINAL FINAL, FINAL",
    "FINAL ?, ",
    "CANCELLED CANCELLED, CANCELLED",
    "CANCELLED FINAL, FINAL",
    "CANCELLED REGISTERED, REGISTERED",
    "REGISTERED REGISTERED, REGISTERED",
    "REGISTERED FINAL, PRELIMINARY",
    "PRELIMINARY AMENDED, PRELIMINARY",
    "FINAL AMENDED CANCELLED, AMENDED"
  })
  void isFinalOnlyIfEveryAnalysisIs(String analyses, ResultStatus status) {
    // given
    List<LabAnalysis> all =
        Arrays.stream(analyses.split(" ", -1))
            .filter(word -> !word.isEmpty())
            .map(word -> analysis(word.equals("?") ? null : word))
            .toList();

    // then
    assertThat(ResultStatus.ofAll(List.of(new LabGroup(null, null, null, all)))).isEqualTo(status);
  }

  private static LabAnalysis analysis(@Nullable String status) {
    return new LabAnalysis(
        null,
        null,
        null,
        null,
        null,
        status == null ? null : ResultStatus.valueOf(status),
        null,
        null,
        null,
        null,
        List.of(),
        List.of(),
        List.of(),
        null);
  }
}
