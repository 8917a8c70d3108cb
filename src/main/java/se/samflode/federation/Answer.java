package se.samflode.federation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a question. Immutable.
 *
 * @param asOf when the question was asked
 * @param outcomes one for each address that this asker may know of, in the order of addresses
 * @param complete whether nothing is missing: every address that the index names has answered,
 *     those included that this asker may not know of, no item was left out and no page is unread
 */
public record Answer(Instant asOf, List<Outcome> outcomes, boolean complete) {

  /** Copies the list. */
  public Answer {
    outcomes = List.copyOf(outcomes);
  }

  /** What has come, of all sources that have answered, in the order of addresses. */
  public List<Fragment> fragments() {
    List<Fragment> fragments = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case Outcome.Live live -> fragments.add(live.fragment());
        case Outcome.Failed failed -> {
          // has nothing to show
        }
      }
    }
    return fragments;
  }

  /** Everything that has come, of all sources, as the producers wrote it. */
  public List<Item> items(ItemOrder order) {
    List<Item> items = new ArrayList<>();
    fragments().forEach(fragment -> items.addAll(fragment.items()));
    items.sort((a, b) -> order.compare(a.sortTime(), a.id(), b));
    return items;
  }
}
