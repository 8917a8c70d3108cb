package se.samflode.federation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import se.samflode.federation.Fidelity.Counts;
import se.samflode.federation.Fidelity.Seen;
import se.samflode.testing.TestDatabase;

class FidelityIT {

  private static final String PRODUCER = "skane-tidbok";
  private static final String CONTRACT = "GetSubjectOfCareSchedule 1";

  private Fidelity first;
  private Fidelity second;

  @BeforeEach
  void twoNodes() {
    TestDatabase database = TestDatabase.create();
    Flyway.configure().dataSource(database.url(), TestDatabase.USER, "").load().migrate();
    first = new Fidelity(database.client(), new SimpleMeterRegistry());
    second = new Fidelity(database.client(), new SimpleMeterRegistry());
  }

  private void saw(Seen seen, int times) {
    for (int i = 0; i < times; i++) {
      first.saw(seen, PRODUCER, CONTRACT);
    }
    first.share();
  }

  private boolean proven() {
    return first.isProven(PRODUCER, CONTRACT);
  }

  @Test
  void isProvenByTwentyChangesThatWereTold() {
    // when
    saw(Seen.TOLD, 19);
    boolean before = proven();
    saw(Seen.LATE, 1);
    boolean after = proven();

    // then
    assertThat(before).isFalse();
    assertThat(after).isTrue();
    assertThat(first.isProven(PRODUCER, "GetDiagnosis 2")).isFalse();
    assertThat(first.isProven("halland-tidbok", CONTRACT)).isFalse();
  }

  @Test
  void isNotProvenByContentThatNeverChanges() {
    // when
    saw(Seen.SAME, 10_000);

    // then
    assertThat(proven()).isFalse();
  }

  @Test
  void isLostWithMoreThanOneInAHundredUntold() {
    // when
    saw(Seen.TOLD, 99);
    saw(Seen.UNTOLD, 1);
    boolean one = proven();
    saw(Seen.UNTOLD, 1);
    boolean two = proven();

    // then
    assertThat(one).isTrue();
    assertThat(two).isFalse();
    assertThat(first.counts(PRODUCER, CONTRACT).share()).isEqualTo(99.0 / 101);
  }

  @Test
  void forgetsWhatIsOldSoThatALapseShowsSoonAndHeals() {
    // when
    for (int i = 0; i < 100; i++) {
      saw(Seen.TOLD, 100);
    }
    saw(Seen.UNTOLD, 5);
    boolean lapsed = proven();
    for (int i = 0; i < 20; i++) {
      saw(Seen.TOLD, 100);
    }
    boolean healed = proven();

    // then
    assertThat(lapsed).isFalse();
    assertThat(healed).isTrue();
  }

  @Test
  void isSharedByNodesAndOutlivesThem() {
    // given
    saw(Seen.TOLD, 30);

    // when
    second.saw(Seen.UNTOLD, PRODUCER, CONTRACT);
    second.share();
    first.share();

    // then
    assertThat(first.counts(PRODUCER, CONTRACT)).isEqualTo(new Counts(0, 30, 0, 1));
    assertThat(second.counts(PRODUCER, CONTRACT)).isEqualTo(new Counts(0, 30, 0, 1));
  }

  @Test
  void keepsWhatItCannotShareYet() {
    // given
    TestDatabase database = TestDatabase.create();
    JdbcClient client = JdbcClient.create(new DriverManagerDataSource(database.url()));
    Fidelity early = new Fidelity(client, new SimpleMeterRegistry());
    early.saw(Seen.TOLD, PRODUCER, CONTRACT);
    early.share();

    // when
    Flyway.configure().dataSource(database.url(), TestDatabase.USER, "").load().migrate();
    early.share();

    // then
    assertThat(early.counts(PRODUCER, CONTRACT)).isEqualTo(new Counts(0, 1, 0, 0));
  }
}
