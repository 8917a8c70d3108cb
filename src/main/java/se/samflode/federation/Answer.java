package se.samflode.federation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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

  /** What there is to show, of all sources, in the order of addresses. */
  public List<Fragment> fragments() {
    return outcomes.stream().map(Outcome::fragment).filter(Objects::nonNull).toList();
  }

  /**
   * An item in an answer.
   *
   * @param now as {@link Outcome.Shown#now}
   * @param fetchedAt as {@link Fragment#fetchedAt}
   */
  public record Piece(Item item, boolean now, Instant fetchedAt) {}

  /** Everything there is to show, of all sources. */
  public List<Piece> items(ItemOrder order) {
    List<Piece> pieces = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Shown shown) {
        Fragment fragment = shown.fragment();
        fragment
            .items()
            .forEach(item -> pieces.add(new Piece(item, shown.now(), fragment.fetchedAt())));
      }
    }
    pieces.sort((a, b) -> order.compare(a.item().sortTime(), a.item().id(), b.item()));
    return pieces;
  }
}
