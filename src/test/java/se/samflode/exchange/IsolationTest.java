package se.samflode.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import se.samflode.contract.Reason;
import se.samflode.exchange.Notifications.Outcome;
import se.samflode.index.EngagementTransaction;

class IsolationTest {

  private static final Outcome REFUSED = new Outcome.Refused(Reason.FAULT);

  private final List<String> taken = new ArrayList<>();
  private int calls;

  @Test
  void findsWhatIsNotTakenAndTellsTheRestInOrder() {
    // given
    Isolation<String> isolation = isolation(object -> !List.of("o0", "o7", "o99").contains(object));

    // when
    Outcome outcome = isolation.tell(objects(100));

    // then
    assertThat(outcome).isEqualTo(new Outcome.Delivered());
    assertThat(isolation.refused()).containsOnlyKeys("o0", "o7", "o99");
    assertThat(taken).hasSize(97).isEqualTo(without(objects(100), "o0", "o7", "o99"));
    assertThat(calls).isLessThan(60);
  }

  @Test
  void tellsNothingThatStandsBehindWhatIsNotTakenInItsOrder() {
    // given: even ones and odd ones have an order each
    Isolation<String> isolation =
        isolation(o -> Integer.parseInt(o.substring(1)) % 2, o -> !o.equals("o6"));

    // when
    Outcome outcome = isolation.tell(objects(20));

    // then
    assertThat(outcome).isEqualTo(new Outcome.Delivered());
    assertThat(isolation.refused()).containsOnlyKeys("o6");
    assertThat(taken)
        .isEqualTo(objects(20).stream().filter(o -> o.matches("o\\d*[13579]|o[024]")).toList());
    assertThat(isolation.delivered()).isEqualTo(taken.size());
  }

  @Test
  void takesNothingForRefusedWhereNothingIsTaken() {
    // given
    Isolation<String> few = isolation(object -> false);
    Isolation<String> many = isolation(object -> false);

    // when
    Outcome ofFew = few.tell(objects(3));
    Outcome ofMany = many.tell(objects(1000));

    // then
    assertThat(ofFew).isEqualTo(REFUSED);
    assertThat(ofMany).isEqualTo(REFUSED);
    assertThat(calls).isLessThan(100);
  }

  @Test
  void tellsAgainWhatWasRefusedBeforeTheSubscriberBeganToTakeDeliveries() {
    // given
    Isolation<String> isolation = isolation(object -> calls > 10);

    // when
    Outcome outcome = isolation.tell(objects(16));
    Outcome again = isolation.tellRefusedAgain();

    // then
    assertThat(List.of(outcome, again)).containsOnly(new Outcome.Delivered());
    assertThat(isolation.refused()).isEmpty();
    assertThat(taken).containsExactlyInAnyOrderElementsOf(objects(16));
  }

  @Test
  void endsWhereThereIsNoAnswer() {
    // given
    Outcome silence = new Outcome.Unanswered(Reason.TIMEOUT);
    Isolation<String> isolation =
        new Isolation<>(
            IsolationTest::transaction, o -> o, some -> ++calls == 3 ? silence : REFUSED);

    // when
    Outcome outcome = isolation.tell(objects(16));

    // then
    assertThat(outcome).isEqualTo(silence);
    assertThat(calls).isEqualTo(3);
  }

  private Isolation<String> isolation(Predicate<String> takes) {
    return isolation(object -> object, takes);
  }

  private Isolation<String> isolation(Function<String, ?> order, Predicate<String> takes) {
    return new Isolation<>(
        IsolationTest::transaction,
        order,
        some -> {
          calls++;
          List<String> objects =
              some.stream().map(t -> t.engagement().businessObjectInstanceIdentifier()).toList();
          if (!objects.stream().allMatch(takes)) {
            return REFUSED;
          }
          taken.addAll(objects);
          return new Outcome.Delivered();
        });
  }

  private static EngagementTransaction transaction(String object) {
    return NotifyingNode.add(NotifyingNode.RESIDENT, object, "20261124093000");
  }

  private static List<String> objects(int count) {
    return IntStream.range(0, count).mapToObj(i -> "o" + i).toList();
  }

  private static List<String> without(List<String> all, String... some) {
    return all.stream().filter(o -> !List.of(some).contains(o)).toList();
  }
}
