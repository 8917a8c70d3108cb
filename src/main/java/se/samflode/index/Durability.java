package se.samflode.index;

import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import se.samflode.config.CannotStart;

/** Refuses to start on a PostgreSQL that can lose what it has acknowledged. */
@Component
final class Durability {

  private static final List<String> SETTINGS =
      List.of("fsync", "synchronous_commit", "full_page_writes");

  /**
   * Looks at the settings as our own connections have them, roles' and databases' own included.
   *
   * @throws CannotStart if one of them is off, or the database gives no answer
   */
  Durability(DataSource dataSource, IndexSettings settings) {
    if (!settings.requireDurability()) {
      return;
    }
    List<String> off = off(JdbcClient.create(dataSource));
    if (!off.isEmpty()) {
      throw new CannotStart(
          "PostgreSQL runs with "
              + String.join(" and ", off)
              + " off: an update that was acknowledged could be lost in a power failure.",
          "Turn it on in PostgreSQL. Where losing updates does no harm, such as in a test,"
              + " set samflode.index.require-durability to false.");
    }
  }

  private static List<String> off(JdbcClient database) {
    List<String> off = new ArrayList<>();
    try {
      for (String setting : SETTINGS) {
        if ("off".equals(database.sql("SHOW " + setting).query(String.class).single())) {
          off.add(setting);
        }
      }
    } catch (DataAccessException e) {
      throw new CannotStart(
          "PostgreSQL gives no answer: "
              + NestedExceptionUtils.getMostSpecificCause(e).getMessage(),
          "See that it runs, and that spring.datasource.url, username and password are right.");
    }
    return off;
  }
}
