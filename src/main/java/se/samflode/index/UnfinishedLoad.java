package se.samflode.index;

import javax.sql.DataSource;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import se.samflode.config.CannotStart;

/** Refuses to start on an index whose load into the empty tables has not come to its end. */
@Component
@DependsOnDatabaseInitialization
final class UnfinishedLoad {

  /**
   * @throws CannotStart if the indexes of engagements are missing
   */
  UnfinishedLoad(DataSource dataSource) {
    if (!IndexTables.areComplete(JdbcClient.create(dataSource))) {
      throw new CannotStart(
          "The load into the empty index has not been finished.",
          "Run the same command, index load --into-empty with all files, again: it goes on where it"
              + " was stopped.");
    }
  }
}
