package se.samflode.exchange;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import se.samflode.contract.Reason;
import se.samflode.exchange.Notifications.Outcome;
import se.samflode.index.EngagementTransaction;

/**
 * Finds what a subscriber does not take: a delivery that is refused is halved until single ones
 * are, in order. What follows one that is refused, in its own order, is not told. For one thread
 * and one use.
 *
 * @param <T> what is told, one transaction each
 */
final class Isolation<T> {

  /** Where so many are refused and none is taken, it is the subscriber and not what it is told. */
  private static final int ALL_REFUSED = 20;

  private final Function<T, EngagementTransaction> transaction;
  private final Function<T, ?> order;
  private final Function<List<EngagementTransaction>, Outcome> send;
  private final Map<T, Reason> refused = new LinkedHashMap<>();
  private final Set<Object> held = new HashSet<>();
  private int delivered;

  /**
   * For one delivery.
   *
   * @param order what must be told one after the other has the same here
   */
  Isolation(
      Function<T, EngagementTransaction> transaction,
      Function<T, ?> order,
      Function<List<EngagementTransaction>, Outcome> send) {
    this.transaction = transaction;
    this.order = order;
    this.send = send;
  }

  /** Tells all at once, and does not look for what is not taken. */
  Outcome tellAtOnce(List<T> all) {
    Outcome outcome = send.apply(all.stream().map(transaction).toList());
    if (outcome instanceof Outcome.Delivered) {
      delivered += all.size();
    }
    return outcome;
  }

  /**
   * Tells all that is taken.
   *
   * @return Delivered if some were taken, and each that was not stands in {@link #refused} or
   *     behind one that does; Refused if none was; else why it was not found out
   */
  Outcome tell(List<T> all) {
    Outcome outcome = halve(all);
    return outcome instanceof Outcome.Delivered && delivered == 0
        ? new Outcome.Refused(refused.values().iterator().next())
        : outcome;
  }

  /**
   * Tells what was refused once more, where nothing stands behind it: the subscriber may have begun
   * to take deliveries on the way.
   */
  Outcome tellRefusedAgain() {
    for (T one : List.copyOf(refused.keySet())) {
      switch (send.apply(List.of(transaction.apply(one)))) {
        case Outcome.Delivered taken -> {
          refused.remove(one);
          delivered++;
        }
        case Outcome.Refused(Reason reason) -> refused.put(one, reason);
        case Outcome.Unanswered unanswered -> {
          return unanswered;
        }
        case Outcome.NotOurs notOurs -> {
          return notOurs;
        }
      }
    }
    return new Outcome.Delivered();
  }

  /** What was not taken, each by itself, and why. */
  Map<T, Reason> refused() {
    return refused;
  }

  /** How many were taken. */
  int delivered() {
    return delivered;
  }

  private Outcome halve(List<T> all) {
    List<T> some = all.stream().filter(one -> !held.contains(order.apply(one))).toList();
    if (some.isEmpty()) {
      return new Outcome.Delivered();
    }
    Outcome outcome = tellAtOnce(some);
    return switch (outcome) {
      case Outcome.Delivered taken -> taken;
      case Outcome.Refused(Reason reason) ->
          some.size() == 1 ? setAside(some.getFirst(), reason) : halves(some);
      case Outcome.Unanswered unanswered -> unanswered;
      case Outcome.NotOurs notOurs -> notOurs;
    };
  }

  private Outcome halves(List<T> some) {
    int middle = some.size() / 2;
    Outcome first = halve(some.subList(0, middle));
    return first instanceof Outcome.Delivered ? halve(some.subList(middle, some.size())) : first;
  }

  private Outcome setAside(T one, Reason reason) {
    refused.put(one, reason);
    held.add(order.apply(one));
    return delivered == 0 && refused.size() == ALL_REFUSED
        ? new Outcome.Refused(reason)
        : new Outcome.Delivered();
  }
}
