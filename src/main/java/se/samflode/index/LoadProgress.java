package se.samflode.index;

/** Hears how a {@link BulkLoad} gets on. Called by the thread that loads, one call at a time. */
public interface LoadProgress {

  /** A file is read once, to know it again. */
  void recognising(String file);

  /** A file has been loaded before, and is passed by. */
  void passedBy(String file);

  /**
   * Loading of a file begins.
   *
   * @param bytes size of the file
   * @param rowsBefore rows that were committed by a load that did not come to its end
   */
  void began(String file, long bytes, long rowsBefore);

  /** A line is not stored, with the column and the rule that it breaks. */
  void refused(long line, String rule);

  /**
   * A chunk is committed.
   *
   * @param bytes of the file that have been read so far
   * @param rows of the file that are committed so far
   */
  void advanced(long bytes, long rows);

  /** A file has been loaded. */
  void ended(LoadedFile file);

  /** Of the indexes of the index that was empty, some are made. */
  void indexing(int made, int all);

  /**
   * The index that was empty is ready.
   *
   * @param duplicates rows that were dropped, since another row has their key
   */
  void indexed(long duplicates);
}
