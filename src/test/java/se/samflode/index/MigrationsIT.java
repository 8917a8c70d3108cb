package se.samflode.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.testing.TestDatabase;

class MigrationsIT {

  private static final String FILL =
      """
      INSERT INTO engagement
      SELECT sha256(n::text::bytea), 'reserve-' || n, 'riv:crm:scheduling', 'Booking', 'SE1', 'b',
             'NA', TIMESTAMP '2026-11-24 09:30:00', 'SE2', now(), NULL, 'SE3', 'SE4'
        FROM generate_series(1, 10000) AS n;
      INSERT INTO version
      SELECT 'reserve-' || n, 'riv:crm:scheduling', 'SE1', n, now()
        FROM generate_series(1, 10000) AS n\
      """;

  private static final String ENGAGEMENTS =
      "SELECT md5(string_agg(e::text, ' ' ORDER BY id)) FROM engagement e";
  private static final String VERSIONS =
      "SELECT md5(string_agg(v::text, ' ' ORDER BY resident)) FROM version v";

  @TempDir private Path folder;

  private TestDatabase created;
  private JdbcClient outside;

  @BeforeEach
  void createDatabase() {
    created = TestDatabase.create();
    outside = created.client();
  }

  @Test
  void keepEveryRowAndMakeItsIndexes() {
    // given
    flyway().target("1").load().migrate();
    outside.sql(FILL).update();
    String engagements = text(ENGAGEMENTS);
    String versions = text(VERSIONS);

    // when
    flyway().load().migrate();

    // then
    assertThat(text(ENGAGEMENTS)).isEqualTo(engagements);
    assertThat(text(VERSIONS)).isEqualTo(versions);
    assertThat(IndexTables.areComplete(outside)).isTrue();
    assertThat(
            text(
                """
                SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), ', ' ORDER BY conname)
                  FROM pg_constraint
                 WHERE contype = 'p' AND conrelid IN ('engagement'::regclass, 'version'::regclass)\
                """))
        .isEqualTo(
            "engagement_pkey PRIMARY KEY (id, resident),"
                + " version_pkey PRIMARY KEY (service_domain, resident, address)");
  }

  @Test
  void knowWhichVersionsWithdrawAnAnalysis() {
    // given
    flyway().target("9").load().migrate();
    outside
        .sql(
            """
            INSERT INTO lab_record
            VALUES ('SE1-L', 'r', 1, 4, 'reserve-1', false, 'SE4', now(), now(), now());
            INSERT INTO lab_version
            SELECT 'SE1-L', 'r', n, sha256(n::text::bytea), 'lab', 'HTTP', now(), NULL, status, now(),
                   'reserve-1', 'SE4', content
              FROM (VALUES (1, 'FINAL', '{"groups":[{"analyses":[{"status":"FINAL"}]}]}'),
                           (2, 'FINAL', '{"groups":[{"analyses":[{"status":"WITHDRAWN"}]}]}'),
                           (3, 'WITHDRAWN', '{"groups":[{"analyses":[{"status":"WITHDRAWN"}]}]}'),
                           (4, 'FINAL', '{"text":"\\"status\\":\\"WITHDRAWN\\""}'))
                AS v (n, status, content)\
            """)
        .update();

    // when
    flyway().load().migrate();

    // then
    assertThat(
            outside
                .sql("SELECT version FROM lab_version WHERE partly_withdrawn")
                .query(Integer.class)
                .list())
        .containsExactly(2);
  }

  @Test
  void mayTakeLongerThanAQuestion() throws IOException, SQLException {
    // given
    Files.writeString(folder.resolve("V900__slow.sql"), "SELECT pg_sleep(2)");
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setJdbcUrl(created.url());
      pool.setUsername(TestDatabase.USER);
      pool.addDataSourceProperty("socketTimeout", "1");
      pool.addDataSourceProperty("options", "-c idle_in_transaction_session_timeout=1s");
      FluentConfiguration configuration =
          Flyway.configure().dataSource(pool).locations("filesystem:" + folder);

      // when
      new PatientMigrations().customize(configuration);
      configuration.load().migrate();

      // then
      assertThat(text("SELECT version FROM flyway_schema_history")).isEqualTo("900");
      try (Connection after = pool.getConnection()) {
        assertThat(after.getNetworkTimeout()).isEqualTo(1000);
      }
    }
  }

  private FluentConfiguration flyway() {
    return Flyway.configure().dataSource(created.url(), TestDatabase.USER, "");
  }

  private String text(String question) {
    return outside.sql(question).query(String.class).single();
  }
}
