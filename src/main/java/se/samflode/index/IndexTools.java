package se.samflode.index;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import se.samflode.config.CannotStart;
import se.samflode.index.FileLoad.LoadRules;

/**
 * What the commands need and the application does not have: the database, the settings of the
 * index, and the work of the commands. The source of a context of its own.
 */
@ImportAutoConfiguration({DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
@EnableConfigurationProperties(IndexSettings.class)
@Import({Durability.class, UpdateRules.class})
public class IndexTools {

  /** Rows of a transaction: some tenths of a second, for which Updates wait. */
  private static final int CHUNK_ROWS = 20_000;

  /** Tables are made where there are none; those of another version are left to the application. */
  @Bean
  FlywayMigrationStrategy tablesOfThisVersion(Durability checkedFirst) {
    return IndexTools::check;
  }

  private static void check(Flyway flyway) {
    try {
      if (flyway.info().applied().length == 0) {
        flyway.migrate();
      } else if (flyway.info().pending().length > 0
          || !flyway.validateWithResult().validationSuccessful) {
        throw new CannotStart(
            "The tables are not those of this version.",
            "Use the jar that the application runs, or start the application of this version once:"
                + " it migrates them.");
      }
    } catch (FlywayException e) {
      throw new CannotStart(
          "The tables cannot be looked at or made: " + e.getClass().getSimpleName() + ".",
          "See that PostgreSQL runs, and that spring.datasource.url, username and password are"
              + " right.");
    }
  }

  @Bean
  @DependsOnDatabaseInitialization
  BulkLoad bulkLoad(DataSource dataSource, IndexSettings settings, UpdateRules rules) {
    return new BulkLoad(dataSource, new LoadRules(settings, rules, CHUNK_ROWS));
  }

  @Bean
  @DependsOnDatabaseInitialization
  IndexReport indexReport(DataSource dataSource) {
    return new IndexReport(dataSource);
  }

  @Bean
  @DependsOnDatabaseInitialization
  IdentityLinks identityLinks(DataSource dataSource) {
    return new IdentityLinks(dataSource);
  }
}
