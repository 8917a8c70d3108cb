package se.samflode.lab;

import javax.sql.DataSource;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import se.samflode.index.IndexTools;

/**
 * What the commands on results need: the database, and the work. The source of a context of its
 * own.
 */
@Import(IndexTools.class)
public class LabTools {

  @Bean
  @DependsOnDatabaseInitialization
  LabKeeping labKeeping(DataSource dataSource) {
    return new LabKeeping(dataSource);
  }
}
