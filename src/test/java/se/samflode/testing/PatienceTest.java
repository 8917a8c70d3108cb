package se.samflode.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatienceTest {

  @Test
  void isThereWithoutBeingAskedFor() {
    // given
    List<Duration> left = new ArrayList<>();

    // when
    await()
        .conditionEvaluationListener(
            evaluated -> left.add(Duration.ofMillis(evaluated.getRemainingTimeInMS())))
        .until(() -> true);

    // then
    assertThat(left.getFirst()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
  }
}
