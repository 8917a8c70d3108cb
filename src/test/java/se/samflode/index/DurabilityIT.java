package se.samflode.index;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import se.samflode.config.CannotStart;
import se.samflode.testing.RunningSystem;
import se.samflode.testing.TestDatabase;

class DurabilityIT {

  private static final IndexSettings STRICT = IndexFixture.settings("own", null, true);

  private final DriverManagerDataSource quick =
      new DriverManagerDataSource(TestDatabase.create().url());

  @Test
  void refusesADatabaseThatCanLoseWhatItHasAcknowledged() {
    // given a database without fsync

    // when
    var starting = assertThatThrownBy(() -> new Durability(quick, STRICT));

    // then
    starting
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("fsync")
        .hasMessageContaining("off");
  }

  @Test
  void noticesASettingOfItsOwnConnections() {
    // given
    var relaxed = new DriverManagerDataSource(durable() + "&options=-c%20synchronous_commit=off");

    // when
    var starting = assertThatThrownBy(() -> new Durability(relaxed, STRICT));

    // then
    starting
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("PostgreSQL runs with synchronous_commit off");
  }

  @Test
  void takesADurableDatabase() {
    // given
    var durable = new DriverManagerDataSource(durable());

    // when, then
    assertThatNoException().isThrownBy(() -> new Durability(durable, STRICT));
  }

  @Test
  void takesAnyDatabaseWhenToldTo() {
    // given
    IndexSettings relaxed = IndexFixture.settings("own", null, false);

    // when, then
    assertThatNoException().isThrownBy(() -> new Durability(quick, relaxed));
  }

  @Test
  void saysSoWhenThereIsNoDatabase() {
    // given
    var nowhere = new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nowhere");

    // when
    var starting = assertThatThrownBy(() -> new Durability(nowhere, STRICT));

    // then
    starting.isInstanceOf(CannotStart.class).hasMessageContaining("PostgreSQL gives no answer");
  }

  /** The demo's, which is durable as in production. */
  private static String durable() {
    return RunningSystem.get()
        .application()
        .getEnvironment()
        .getRequiredProperty("spring.datasource.url");
  }
}
