package se.samflode.readmodel;

import java.util.List;

/** What every item has that the API serves, of whatever kind. Immutable. */
public interface ReadModelItem {

  /** Tells it apart among all items of its kind; safe in URLs, without identity. */
  String id();

  /** The same item under another id. */
  ReadModelItem withId(String other);

  /**
   * The names of its own truth values that hold for a moment only: of an item that was fetched a
   * while ago they are told as {@code null}. Nothing below the item has a property so named.
   */
  default List<String> momentary() {
    return List.of();
  }

  /** The logical address that was asked. */
  String source();
}
