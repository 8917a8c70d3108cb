package se.samflode.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.OptionalLong;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import se.samflode.testing.TestDatabase;

class LeasesIT {

  private static final String WORK = "work";
  private static final Duration LONG = Duration.ofMinutes(1);

  private Leases first;
  private Leases second;

  @BeforeEach
  void twoNodes() {
    TestDatabase database = TestDatabase.create();
    Flyway.configure().dataSource(database.url(), TestDatabase.USER, "").load().migrate();
    first = new Leases(database.client());
    second = new Leases(database.client());
  }

  @Test
  void givesWorkToOneNodeAtATime() {
    // given
    OptionalLong held = first.take(WORK, LONG);

    // when
    OptionalLong other = second.take(WORK, LONG);
    OptionalLong again = first.take(WORK, LONG);

    // then
    assertThat(held).hasValue(1);
    assertThat(other).isEmpty();
    assertThat(again).hasValue(1);
    assertThat(second.take("other work", LONG)).hasValue(1);
  }

  @Test
  void givesAReleasedLeaseToTheNextUnderANewToken() {
    // given
    long held = first.take(WORK, LONG).orElseThrow();

    // when
    first.release(WORK);
    OptionalLong next = second.take(WORK, LONG);

    // then
    assertThat(next).hasValue(held + 1);
    assertThat(first.holds(WORK, held)).isFalse();
    assertThat(second.holds(WORK, next.getAsLong())).isTrue();
    assertThat(first.take(WORK, LONG)).isEmpty();
  }

  @Test
  void givesAWayALeaseThatHasRunOut() {
    // given
    long held = first.take(WORK, Duration.ofMillis(50)).orElseThrow();

    // when
    await().until(() -> second.take(WORK, LONG).isPresent());

    // then
    assertThat(first.holds(WORK, held)).isFalse();
  }
}
