package se.samflode.index;

import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import se.samflode.index.FileLoad.LoadRules;

/**
 * Loads files of engagements in committed chunks. A load that was stopped at any moment goes on,
 * when it is run again, at the first row that was not committed. A chunk's transaction holds its
 * rows, one new version for each service domain and address that it names, what tells subscribers
 * and GetUpdates that the feed does not have these rows, and how far the file has come. Memory does
 * not grow with the file. One load at a time. Docs: docs/engagement-index.md, Seeding.
 */
public final class BulkLoad {

  /** Any number that nothing else locks. */
  private static final long LOCK = 7_301_936_003L;

  private static final String STAGING =
      """
      CREATE TEMPORARY TABLE bulk_staging
        (id bytea, resident text, service_domain text, categorization text, logical_address text,
         business_object_instance_identifier text, clinical_process_interest_id text,
         most_recent_content timestamp(0), source_system text, data_controller text, owner text)
        ON COMMIT DELETE ROWS\
      """;

  private final DataSource dataSource;
  private final LoadRules rules;

  BulkLoad(DataSource dataSource, LoadRules rules) {
    this.dataSource = dataSource;
    this.rules = rules;
  }

  /**
   * How to load.
   *
   * @param intoEmpty whether the index is empty and nobody uses it, so that its indexes can be made
   *     when all rows are in
   * @param again whether files that have been loaded to their end are loaded once more
   * @param maxRefused lines of a file that may break a rule and are left out; 0 or more. One more,
   *     and the load stops before the chunk that has it
   */
  public record Options(boolean intoEmpty, boolean again, long maxRefused) {}

  /**
   * Loads files one after the other. Returns when all are committed and, into an empty index, its
   * indexes are made.
   *
   * @throws CommandRefused if it cannot go on; what is committed stays
   * @throws IndexUnavailable if the database fails; what is committed stays
   */
  public void load(List<Path> files, Options options, LoadProgress progress) {
    try (LongWork work = LongWork.open(dataSource)) {
      if (!work.lockedAlone(LOCK)) {
        throw new CommandRefused(
            "Another load is running. If it was killed just now, try again in a minute.");
      }
      EmptyIndex emptyIndex = new EmptyIndex(work, rules.settings());
      IndexDatabase.answered("load", () -> begin(work, emptyIndex, options.intoEmpty()));
      for (Path file : files) {
        IndexDatabase.answered(
            "load", () -> new FileLoad(work, file, options, progress, rules).load());
      }
      if (options.intoEmpty()) {
        progress.indexed(IndexDatabase.answered("load", () -> emptyIndex.finish(progress)));
      }
    }
  }

  private static boolean begin(LongWork work, EmptyIndex emptyIndex, boolean intoEmpty) {
    if (intoEmpty) {
      emptyIndex.begin();
    } else if (IndexTables.areComplete(work.sql())) {
      work.sql().sql(STAGING).update();
    } else {
      throw new CommandRefused(
          "A load into the empty index has not been finished. Run that command again, with"
              + " --into-empty and all its files.");
    }
    return true;
  }
}
