package se.samflode.readmodel;

/** How much of one item is read. What goes beyond makes the item bad. */
final class ItemLimits {

  /** Longest text of one element, characters. */
  static final int MAX_TEXT = 64 * 1024;

  /** Deepest nesting within an item, the item itself counted. */
  static final int MAX_DEPTH = 50;

  /** Most elements of an item, the item itself counted. */
  static final int MAX_ELEMENTS = 20_000;

  private ItemLimits() {}
}
