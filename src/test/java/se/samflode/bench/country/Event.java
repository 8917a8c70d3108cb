package se.samflode.bench.country;

/** What happens in the country. Times are milliseconds since a Monday at 00:00, local time. */
sealed interface Event {

  /** When. */
  long at();

  /**
   * A resident asks for one kind of content.
   *
   * @param afterOwnChange whether the resident has just changed it: then nothing kept may be shown
   */
  record Ask(long at, Resident resident, Content content, boolean afterOwnChange)
      implements Event {}

  /** Content becomes another: from now on the producer's answers show it. */
  record Commit(long at, Fragment fragment) implements Event {}

  /**
   * The index is told of a change.
   *
   * @param empty whether nothing has changed
   */
  record Indexed(long at, Fragment fragment, boolean empty) implements Event {}

  /** A producer fails every call from now on. */
  record Down(long at, String producer) implements Event {}

  /** A producer answers again. */
  record Up(long at, String producer) implements Event {}
}
