package se.samflode.federation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What became of a question. Immutable. It counts against the node's budget until it is closed. */
public final class Answer implements AutoCloseable {

  private final Instant asOf;
  private final List<Outcome> outcomes;
  private final boolean complete;
  private final List<Asked> asked;

  Answer(Instant asOf, List<Outcome> outcomes, boolean complete, List<Asked> asked) {
    this.asOf = asOf;
    this.outcomes = List.copyOf(outcomes);
    this.complete = complete;
    this.asked = List.copyOf(asked);
  }

  /** When the question was asked. */
  public Instant asOf() {
    return asOf;
  }

  /** One for each address that this asker may know of, in the order of addresses. */
  public List<Outcome> outcomes() {
    return outcomes;
  }

  /**
   * Whether nothing is missing: every address that the index names has answered, those included
   * that this asker may not know of, no item was left out and no page is unread.
   */
  public boolean complete() {
    return complete;
  }

  /** Says that it has been written. */
  @Override
  public void close() {
    asked.forEach(Asked::leave);
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
