package se.samflode.federation;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The order of items in an answer. Those without a time stand last; ids decide among equals. */
public enum ItemOrder {
  /** As booked times are read. */
  OLDEST_FIRST,
  /** As a journal is read. */
  NEWEST_FIRST;

  /**
   * Compares a place with an item.
   *
   * @param sortTime of the place, {@code null} for those that stand last
   * @param id of the place
   * @return less than 0 if the place is before the item, 0 if it is the item's, else more
   */
  public int compare(@Nullable Instant sortTime, String id, Item item) {
    Comparator<Instant> oldestFirst = Comparator.naturalOrder();
    int byTime =
        Comparator.nullsLast(this == OLDEST_FIRST ? oldestFirst : oldestFirst.reversed())
            .compare(sortTime, item.sortTime());
    return byTime == 0 ? id.compareTo(item.id()) : byTime;
  }
}
