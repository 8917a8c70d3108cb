package se.samflode.index;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the database says about the tables of the index. Stateless, thread-safe. */
final class IndexTables {

  private static final String COMPLETE =
      """
      SELECT (SELECT count(*) = 2
                FROM pg_index
               WHERE indexrelid IN (to_regclass('engagement_pkey'), to_regclass('engagement_search'))
                 AND indisvalid)
         AND NOT (SELECT atthasdef
                    FROM pg_attribute
                   WHERE attrelid = 'engagement'::regclass AND attname = 'creation_time')\
      """;

  private static final String PARTITIONS =
      """
      SELECT c.relname
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'engagement'::regclass
       ORDER BY c.relname\
      """;

  private IndexTables() {}

  /**
   * Whether engagements are as the migrations made them: not until a load into the empty index,
   * which takes away their indexes and gives a column a default, has come to its end.
   */
  static boolean areComplete(JdbcClient sql) {
    return sql.sql(COMPLETE).query(Boolean.class).single();
  }

  /** Whether there is a primary key, if only one that the partitions do not have yet. */
  static boolean haveKey(JdbcClient sql) {
    return sql.sql("SELECT to_regclass('engagement_pkey') IS NOT NULL")
        .query(Boolean.class)
        .single();
  }

  /** The partitions of engagements, by name. */
  static List<String> partitions(JdbcClient sql) {
    return sql.sql(PARTITIONS).query(EngagementColumns::text).list();
  }
}
