package se.samflode.bench.country;

/**
 * An address that is asked, and the system behind it.
 *
 * @param region where it is
 * @param producer who answers; one may answer for several addresses
 * @param address the logical address
 * @param habit how the producer indexes
 */
record Place(String region, String producer, String address, Habit habit) {

  /** How a producer tells the index of its changes. */
  enum Habit {
    /** Soon after the change can be read. */
    INDEXES,
    /** Before the change can be read. */
    EARLY,
    /** Not at all. */
    SILENT
  }
}
