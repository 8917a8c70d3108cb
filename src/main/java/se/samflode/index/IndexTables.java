package se.samflode.index;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the database says about the tables of the index. Stateless, thread-safe. */
final class IndexTables {

  private static final String COMPLETE =
      """
      SELECT count(*) = 2
        FROM pg_index
       WHERE indexrelid IN (to_regclass('engagement_pkey'), to_regclass('engagement_search'))
         AND indisvalid\
      """;

  private static final String PARTITIONS =
      """
      SELECT c.relname
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'engagement'::regclass
       ORDER BY c.relname\
      """;

  private IndexTables() {}

  /** Whether both indexes of engagements are there: not while an empty index is being loaded. */
  static boolean haveIndexes(JdbcClient sql) {
    return sql.sql(COMPLETE).query(Boolean.class).single();
  }

  /** The partitions of engagements, by name. */
  static List<String> partitions(JdbcClient sql) {
    return sql.sql(PARTITIONS).query(EngagementColumns::text).list();
  }
}
