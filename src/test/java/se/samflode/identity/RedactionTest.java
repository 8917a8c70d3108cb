package se.samflode.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

  @ParameterizedTest(name = "shape {index}")
  @CsvSource({
    "202312302397, [redacted]",
    "2312302397, [redacted]",
    "20231230-2397, [redacted]",
    "231230-2397, [redacted]",
    "231230+2397, [redacted]",
    "20231230 2397, [redacted]",
    "20000101TF12, [redacted]",
    "20000101-a12B, [redacted]",
    "x202312302397y, x[redacted]y",
    "'<id>202312302397</id>', <id>[redacted]</id>",
    "'202312302397,202312302397', '[redacted],[redacted]'",
    "SE202312302397, SE[redacted]",
    "9920231230239799, [redacted]",
    "20231230239712, [redacted]",
    "SE2321000016-202312302397, SE[redacted]-[redacted]",
    "SE2312302397-X1, SE[redacted]-X1",
    "12345678-1234-1234-1234-202312302397, '[redacted]-1234-1234-[redacted]'",
    "20231230-2397-4a4a-8a8a-aaaaaaaaaaaa, '[redacted]-4a4a-8a8a-aaaaaaaaaaaa'"
  })
  void takesOutWhatLooksLikeAnIdentityNumber(String text, String expected) {
    // given the text

    // when
    String redacted = Redaction.redact(text);

    // then
    assertThat(redacted).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SE2321000016-A001",
        "SE165565594230-1023",
        "se2321000016-a001",
        "20261121190705",
        "0f8fad5b-d9cb-469f-a165-708677289501",
        "SE2321000131-E000000000244",
        "2026-11-21T19:07:05",
        "EngagementTransaction #1 and #1000 have the same key",
        "123456789"
      })
  void keepsWhatIsNoIdentityNumber(String text) {
    // given the text

    // when
    String redacted = Redaction.redact(text);

    // then
    assertThat(redacted).isEqualTo(text);
  }
}
