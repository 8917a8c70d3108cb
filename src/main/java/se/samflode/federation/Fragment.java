package se.samflode.federation;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.AnswerReader.NextPage;

/**
 * One logical address's answer to one question. Immutable.
 *
 * @param version the index's for this resident, domain and address, read before the call
 * @param fetchedAt when the call began, in whole milliseconds: what the producer changed later need
 *     not be in it
 * @param notAfter from when on it must not be served from the cache, since the producer may not
 *     have settled when it was asked; {@code null} for no such bound
 * @param items in the order in which the producer wrote them
 * @param rejected items that are not here, since they break the contract's schema, 0 or more
 * @param messages what the producer says to people; never for a log
 * @param nextPages what the producer has more and was not asked for
 */
public record Fragment(
    long version,
    Instant fetchedAt,
    @Nullable Instant notAfter,
    List<Item> items,
    int rejected,
    List<String> messages,
    List<NextPage> nextPages) {

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
    return (int) items.stream().filter(Item::isShown).count();
  }

  /** Without the items that are one of some records; itself if there are none. */
  Fragment without(Set<String> records) {
    if (items.stream().noneMatch(item -> records.contains(item.record()))) {
      return this;
    }
    List<Item> left = items.stream().filter(item -> !records.contains(item.record())).toList();
    return new Fragment(version, fetchedAt, notAfter, left, rejected, messages, nextPages);
  }

  /** Bytes of its items, and of what else it keeps. */
  long weight() {
    long weight = 0;
    for (String message : messages) {
      weight += message.length();
    }
    for (NextPage page : nextPages) {
      weight += page.xml().length() + page.reference().length();
    }
    for (Item item : items) {
      weight += item.xml().bytes().length;
      Item.Text json = item.json();
      weight += json == null ? 0 : json.bytes().length;
    }
    return weight;
  }

  /**
   * Whether it says the same as another, whatever the order, but for what holds for a moment.
   *
   * @param from items of an earlier time do not count; {@code null} for all
   */
  boolean saysTheSameAs(Fragment other, @Nullable Instant from) {
    return rejected == other.rejected && content(from).equals(other.content(from));
  }

  private Map<ByteBuffer, Integer> content(@Nullable Instant from) {
    Map<ByteBuffer, Integer> content = new HashMap<>();
    for (Item item : items) {
      Instant time = item.sortTime();
      if (from == null || time == null || !time.isBefore(from)) {
        content.merge(item.lasting(), 1, Integer::sum);
      }
    }
    return content;
  }
}
