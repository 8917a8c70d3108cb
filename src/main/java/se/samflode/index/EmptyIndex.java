package se.samflode.index;

import java.sql.SQLException;
import java.util.List;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Takes the indexes away from engagements while there are none, so that rows come in at the speed
 * of copying, and makes them when all are in. Between the two, Updates fail and the application
 * does not start. Every step is a transaction, and can be gone on with.
 */
final class EmptyIndex {

  private static final List<String> TAKE_INDEXES =
      List.of(
          "ALTER TABLE engagement DROP CONSTRAINT engagement_pkey",
          "DROP INDEX engagement_search",
          // So that rows can be copied in without it.
          "ALTER TABLE engagement ALTER creation_time SET DEFAULT now()",
          // What was loaded before is gone from here.
          "DELETE FROM bulk_load");

  private static final String KEY = "PRIMARY KEY (id, resident)";

  /** As in the migration that made it: a test compares. */
  private static final String SEARCH =
      "(service_domain, resident, categorization) INCLUDE (logical_address, source_system)";

  private static final String ATTACHED =
      """
      SELECT EXISTS (SELECT FROM pg_inherits
                      WHERE inhparent = to_regclass(:whole) AND inhrelid = to_regclass(:part))\
      """;

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /**
   * Files of which some rows are in and some may be missing. A file that was corrected, and loaded
   * since from the same place, has those of the one it replaces.
   */
  private static final String OPEN_FILES =
      """
      SELECT o.file_name
        FROM bulk_load o
       WHERE o.ended_at IS NULL AND o.rows_committed > 0
         AND NOT EXISTS (SELECT FROM bulk_load c
                          WHERE c.file_name = o.file_name AND c.ended_at > o.started_at)
       ORDER BY o.file_name\
      """;

  /**
   * Leaves of each key the row that Updates, one after the other, would have left. Chunks have no
   * key twice and are a transaction each: the age of the transaction tells the order.
   */
  private static final String DROP_DUPLICATES =
      """
      WITH twice AS (
        SELECT id FROM :partition: GROUP BY id HAVING count(*) > 1
      ), ranked AS (
        SELECT e.ctid AS place,
               row_number() OVER (
                 PARTITION BY e.id
                 ORDER BY CASE WHEN e.service_domain = ANY (:overwritingDomains) THEN NULL
                               ELSE e.most_recent_content END DESC NULLS LAST,
                          age(e.xmin)) AS rank
          FROM :partition: e JOIN twice USING (id)
      )
      DELETE FROM :partition: e USING ranked r WHERE e.ctid = r.place AND r.rank > 1\
      """;

  private final LongWork work;
  private final IndexSettings settings;

  EmptyIndex(LongWork work, IndexSettings settings) {
    this.work = work;
    this.settings = settings;
  }

  /**
   * Takes the indexes away, unless a load that was stopped has done so.
   *
   * @throws CommandRefused if there are engagements, or somebody uses them
   */
  void begin() {
    if (!IndexTables.areComplete(work.sql())) {
      return;
    }
    work.inTransaction(
        "empty-index",
        () -> {
          work.sql().sql("SET LOCAL lock_timeout = '5s'").update();
          lock();
          if (work.sql()
              .sql("SELECT EXISTS (SELECT FROM engagement)")
              .query(Boolean.class)
              .single()) {
            throw new CommandRefused("The index is not empty: load without --into-empty.");
          }
          TAKE_INDEXES.forEach(statement -> work.sql().sql(statement).update());
          return true;
        });
  }

  private void lock() {
    try {
      work.sql().sql("LOCK TABLE engagement IN ACCESS EXCLUSIVE MODE").update();
    } catch (DataAccessException e) {
      if (NestedExceptionUtils.getMostSpecificCause(e) instanceof SQLException root
          && LOCK_NOT_AVAILABLE.equals(root.getSQLState())) {
        throw new CommandRefused("The index is in use. Stop Samflöde, then run this again.");
      }
      throw e;
    }
  }

  /**
   * Makes the indexes.
   *
   * @return rows dropped, since another has their key
   * @throws CommandRefused if a file has not been loaded to its end
   */
  long finish(LoadProgress progress) {
    List<String> open = work.sql().sql(OPEN_FILES).query(EngagementColumns::text).list();
    if (!open.isEmpty()) {
      throw new CommandRefused(
          "Not loaded to the end: "
              + String.join(", ", open)
              + ". Run this again with all files; one that was corrected must lie where it lay,"
              + " under its name.");
    }
    work.inTransaction("indexes", this::makeWholes);
    List<String> partitions = IndexTables.partitions(work.sql());
    long duplicates = 0;
    int made = 0;
    for (String partition : partitions) {
      progress.indexing(made++, 2 * partitions.size());
      duplicates += makeKey(partition);
      progress.indexing(made++, 2 * partitions.size());
      work.inTransaction("indexes", () -> makeSearch(partition));
    }
    progress.indexing(made, made);
    work.sql().sql("ANALYZE engagement").update();
    // Last: until then the load goes on where it is run again.
    work.sql().sql("ALTER TABLE engagement ALTER creation_time DROP DEFAULT").update();
    return duplicates;
  }

  /** The indexes of the whole, which hold nothing until those of all partitions are attached. */
  private boolean makeWholes() {
    if (!IndexTables.haveKey(work.sql())) {
      work.sql().sql("ALTER TABLE ONLY engagement ADD CONSTRAINT engagement_pkey " + KEY).update();
      work.sql().sql("CREATE INDEX engagement_search ON ONLY engagement " + SEARCH).update();
    }
    return true;
  }

  private long makeKey(String partition) {
    String index = partition + "_pkey";
    if (isAttached("engagement_pkey", index)) {
      return 0;
    }
    return work.inTransaction(
        "indexes",
        () -> {
          // Before the key: PostgreSQL's log would name a resident whose key comes twice.
          long dropped = dropDuplicates(partition);
          work.sql()
              .sql("ALTER TABLE %s ADD CONSTRAINT %s %s".formatted(partition, index, KEY))
              .update();
          attach("engagement_pkey", index);
          return dropped;
        });
  }

  private long dropDuplicates(String partition) {
    JdbcClient sql = work.sql();
    return sql.sql(DROP_DUPLICATES.replace(":partition:", partition))
        .param(
            "overwritingDomains",
            new SqlArrayValue("text", settings.overwritingDomains().toArray()))
        .update();
  }

  private boolean makeSearch(String partition) {
    String index = partition + "_search";
    if (!isAttached("engagement_search", index)) {
      work.sql().sql("CREATE INDEX %s ON %s %s".formatted(index, partition, SEARCH)).update();
      attach("engagement_search", index);
    }
    return true;
  }

  private void attach(String whole, String part) {
    work.sql().sql("ALTER INDEX %s ATTACH PARTITION %s".formatted(whole, part)).update();
  }

  private boolean isAttached(String whole, String part) {
    return work.sql()
        .sql(ATTACHED)
        .param("whole", whole)
        .param("part", part)
        .query(Boolean.class)
        .single();
  }
}
