package se.samflode.federation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a question. Immutable.
 *
 * @param asOf when the question was asked
 * @param outcomes one for each address that this asker may know of, in the order of addresses
 * @param complete whether nothing is missing: every address that the index names has answered,
 *     those included that this asker may not know of, and no item was left out
 */
public record Answer(Instant asOf, List<Outcome> outcomes, boolean complete) {

  private static final Comparator<@Nullable Instant> TIME_ORDER =
      Comparator.nullsLast(Comparator.naturalOrder());

  /**
   * The order of items, towards a place in it.
   *
   * @param sortTime of the place, {@code null} for those that stand last
   * @param id of the place
   * @return less than 0 if the place is before the item, 0 if it is the item's, else more
   */
  public static int inOrder(@Nullable Instant sortTime, String id, Item item) {
    int byTime = TIME_ORDER.compare(sortTime, item.sortTime());
    return byTime == 0 ? id.compareTo(item.booking().id()) : byTime;
  }

  /** Copies the list. */
  public Answer {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * Everything that has come, of all sources, in order of time. Those without a time stand last,
   * and ids decide where times are equal.
   */
  public List<Item> items() {
    List<Item> items = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case Outcome.Live live -> items.addAll(live.fragment().items());
        case Outcome.Failed failed -> {
          // has nothing to show
        }
      }
    }
    items.sort((a, b) -> inOrder(a.sortTime(), a.booking().id(), b));
    return items;
  }
}
