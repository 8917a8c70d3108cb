package se.samflode.index;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.stereotype.Component;

/**
 * Lets a migration take as long as it needs: with the country's rows that is more than a question
 * may take, and one that is cut off begins anew at the next start.
 */
@Component
final class PatientMigrations implements FlywayConfigurationCustomizer {

  @Override
  public void customize(FluentConfiguration configuration) {
    configuration.dataSource(new Patient(configuration.getDataSource()));
    // Else the lock is held by a transaction of a second connection, which is idle meanwhile, and
    // PostgreSQL ends such ones.
    configuration.configuration(Map.of("flyway.postgresql.transactional.lock", "false"));
  }

  private static final class Patient extends DelegatingDataSource {

    Patient(DataSource usual) {
      super(usual);
    }

    /** The pool gives the connection its usual limit back. */
    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      connection.setNetworkTimeout(Runnable::run, 0);
      return connection;
    }
  }
}
