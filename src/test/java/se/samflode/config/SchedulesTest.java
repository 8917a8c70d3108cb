package se.samflode.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.annotation.Scheduled;

class SchedulesTest {

  private final ApplicationContextRunner context =
      new ApplicationContextRunner().withUserConfiguration(Schedules.class);

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
  void oneThatWaitsHoldsUpNoOther() {
    // given
    AtomicInteger looks = new AtomicInteger();

    // when
    context
        .withBean(Waiting.class)
        .withBean("owner", Reread.class, () -> looks::incrementAndGet)
        .run(started ->
            // then
            await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> {
                  assertThat(started.getBean(Waiting.class).began.getCount()).isZero();
                  assertThat(looks.get()).isGreaterThan(2);
                }));
  }

  /** Waits until it is interrupted. */
  static class Waiting {

    private final CountDownLatch began = new CountDownLatch(1);

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void waitForNothing() throws InterruptedException {
      began.countDown();
      new CountDownLatch(1).await();
    }
  }

  @Test
  void needsNoOwner() {
    context.run(started -> assertThat(started).hasNotFailed());
  }
}
