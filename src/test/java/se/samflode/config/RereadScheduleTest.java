package se.samflode.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RereadScheduleTest {

  private final ApplicationContextRunner context =
      new ApplicationContextRunner().withUserConfiguration(RereadSchedule.class);

  @Test
  void asksEveryOwnerAgainAndAgain() {
    // given
    AtomicInteger first = new AtomicInteger();
    AtomicInteger second = new AtomicInteger();

    // when
    context
        .withBean("first", Reread.class, () -> first::incrementAndGet)
        .withBean("second", Reread.class, () -> second::incrementAndGet)
        .run(started ->
            // then
            await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> {
                  assertThat(first.get()).isGreaterThan(1);
                  assertThat(second.get()).isGreaterThan(1);
                }));
  }

  @Test
  void needsNoOwner() {
    context.run(started -> assertThat(started).hasNotFailed());
  }
}
