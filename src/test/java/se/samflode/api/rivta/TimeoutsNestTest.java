package se.samflode.api.rivta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import se.samflode.contract.Contract;
import se.samflode.producer.Producer.Timeouts;

class TimeoutsNestTest {

  /** What consumers of the aggregating services wait at least. */
  private static final Duration CALLER = Duration.ofSeconds(35);

  private static final Duration LONGEST_CALL = Duration.ofSeconds(25);

  @Test
  void connectIsShorterThanCallThanAnswerThanCaller() {
    assertThat(Timeouts.DEFAULT.call()).isNull();
    assertThat(Timeouts.DEFAULT.connect()).isLessThan(Contract.Timeouts.DEFAULT.call());
    assertThat(Contract.Timeouts.DEFAULT.call()).isLessThan(Contract.Timeouts.DEFAULT.answer());
    assertThat(Contract.Timeouts.DEFAULT.answer()).isLessThan(CALLER);
  }

  @Test
  void noRegistryEntryAndNoDescriptorCanBreakTheNesting() {
    // given
    Duration second = Duration.ofSeconds(1);
    Duration shortestAnswer = Duration.ofSeconds(26);

    // when
    Timeouts longest = new Timeouts(Duration.ofSeconds(10), LONGEST_CALL, LONGEST_CALL);

    // then
    assertThat(longest.call()).isLessThan(shortestAnswer);
    assertThatThrownBy(() -> new Contract.Timeouts(LONGEST_CALL, shortestAnswer.minusMillis(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Contract.Timeouts(LONGEST_CALL, CALLER))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Timeouts(second, second, LONGEST_CALL.plusMillis(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Timeouts(second, second, second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Timeouts(second, LONGEST_CALL.plusMillis(1), LONGEST_CALL))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
