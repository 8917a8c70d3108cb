package se.samflode.readmodel;

/** What every item has that the API serves, of whatever kind. Immutable. */
public interface ReadModelItem {

  /** Tells it apart among all items of its kind; safe in URLs, without identity. */
  String id();

  /** The same item under another id. */
  ReadModelItem withId(String other);

  /** The logical address that was asked. */
  String source();
}
