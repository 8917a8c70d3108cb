package se.samflode.federation;

import java.time.Instant;
import java.util.List;
import se.samflode.contract.AnswerReader.NextPage;

/**
 * One logical address's answer to one question. Immutable, but for its hold.
 *
 * @param items in the order in which the producer wrote them
 * @param rejected items that are not here, since they break the contract's schema, 0 or more
 * @param messages what the producer says to people; never for a log
 * @param nextPages what the producer has more and was not asked for
 * @param fetchedAt when the call began: what the producer changed later need not be in it
 * @param hold keeps its part of the node's budget
 */
public record Fragment(
    List<Item> items,
    int rejected,
    List<String> messages,
    List<NextPage> nextPages,
    Instant fetchedAt,
    Hold hold) {

  /** Copies the lists. */
  public Fragment {
    items = List.copyOf(items);
    messages = List.copyOf(messages);
    nextPages = List.copyOf(nextPages);
  }

  /**
   * Items that the answer should have and has not, 0 or more.
   *
   * @param asReadModel whether the answer has the items of the read model
   */
  public int leftOut(boolean asReadModel) {
    return rejected + (asReadModel ? (int) items.stream().filter(Item::isUnreadable).count() : 0);
  }

  /** How many items the read model has. */
  public int shown() {
    return (int) items.stream().filter(item -> item.model() != null).count();
  }
}
