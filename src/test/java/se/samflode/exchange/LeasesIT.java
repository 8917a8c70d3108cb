package se.samflode.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import se.samflode.exchange.Leases.Lease;
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
    first = node(database);
    second = node(database);
  }

  private static Leases node(TestDatabase database) {
    DriverManagerDataSource connections = new DriverManagerDataSource(database.url());
    return new Leases(JdbcClient.create(connections), new JdbcTransactionManager(connections));
  }

  @Test
  void givesWorkToOneNodeAtATime() {
    // given
    Optional<Lease> held = first.take(WORK, LONG);

    // when
    Optional<Lease> other = second.take(WORK, LONG);
    Optional<Lease> again = first.take(WORK, LONG);

    // then
    assertThat(held).hasValue(new Lease(WORK, 1));
    assertThat(other).isEmpty();
    assertThat(again).isEqualTo(held);
    assertThat(second.take("other work", LONG)).isPresent();
  }

  @Test
  void givesAReleasedLeaseToTheNextUnderANewToken() {
    // given
    Lease held = first.take(WORK, LONG).orElseThrow();

    // when
    first.release(WORK);
    Optional<Lease> next = second.take(WORK, LONG);

    // then
    assertThat(next).hasValue(new Lease(WORK, held.token() + 1));
    assertThat(first.holds(held)).isFalse();
    assertThat(second.holds(next.orElseThrow())).isTrue();
    assertThat(first.take(WORK, LONG)).isEmpty();
  }

  @Test
  void givesAWayALeaseThatHasRunOut() {
    // given
    Lease held = first.take(WORK, Duration.ofMillis(50)).orElseThrow();

    // when
    await().until(() -> second.take(WORK, LONG).isPresent());

    // then
    assertThat(first.holds(held)).isFalse();
  }
}
