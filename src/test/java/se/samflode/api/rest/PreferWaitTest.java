package se.samflode.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class PreferWaitTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=5|5",
        "respond-async, wait=10|10",
        "WAIT = \"3\"; x=y|3",
        "wait=0|0",
        "wait=100|20",
        "wait=1, wait=9|1",
      })
  void takesWholeSecondsUpToTwenty(String header, int seconds) {
    assertThat(PreferWait.of(asking(header))).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"return=minimal", "waiting=3", "", ",,", "handling=lenient;wait=3"})
  void passesByWhatIsNotItsOwn(String header) {
    assertThat(PreferWait.of(asking(header))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait", "wait=", "wait=x", "wait=-1", "wait=1.5", "wait=\"\"", "wait=5s"})
  void refusesAWaitWithoutWholeSeconds(String header) {
    assertThatThrownBy(() -> PreferWait.of(asking(header))).isInstanceOf(ProblemException.class);
  }

  @Test
  void readsTheLongestHeaderInOneGo() {
    assertThatThrownBy(() -> PreferWait.of(asking("wait=" + " ".repeat(20_000) + "\"\"x")))
        .isInstanceOf(ProblemException.class);
  }

  private static MockHttpServletRequest asking(String prefer) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.addHeader("Prefer", prefer);
    return request;
  }
}
