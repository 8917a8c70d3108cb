package se.samflode.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import se.samflode.contract.Reason;

class FlightsTest {

  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger fetches = new AtomicInteger();
  private final Flights flights = new Flights(clock::get);

  @Test
  void sharesAFlightThatIsYoung() throws Exception {
    // given
    CompletableFuture<Landing> landing = new CompletableFuture<>();
    CompletableFuture<Landing> first = flights.join(key(1), false, fetch(landing));
    clock.addAndGet(Flights.LONG.toNanos() - 1);

    // when
    CompletableFuture<Landing> second = flights.join(key(1), false, fetch(landing));
    landing.complete(fetched());

    // then
    assertThat(second).isSameAs(first);
    assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo(landing.join());
    assertThat(fetches).hasValue(1);
  }

  @Test
  void beginsAnotherAtAnotherVersion() throws Exception {
    // given
    CompletableFuture<Landing> old = new CompletableFuture<>();
    CompletableFuture<Landing> before = flights.join(key(1), false, fetch(old));

    // when
    CompletableFuture<Landing> after =
        flights.join(key(2), false, fetch(CompletableFuture.completedFuture(fetched())));

    // then
    assertThat(after.get(5, TimeUnit.SECONDS)).isInstanceOf(Landing.Fetched.class);
    assertThat(before).isNotDone();
    old.complete(fetched());
  }

  @Test
  void doesNotInheritAFlightThatHasHungForLong() throws Exception {
    // given
    CompletableFuture<Landing> hanging = new CompletableFuture<>();
    CompletableFuture<Landing> first = flights.join(key(1), false, fetch(hanging));
    clock.addAndGet(Flights.LONG.toNanos());

    // when
    CompletableFuture<Landing> second =
        flights.join(key(1), false, fetch(CompletableFuture.completedFuture(fetched())));

    // then
    assertThat(second.get(5, TimeUnit.SECONDS)).isInstanceOf(Landing.Fetched.class);
    assertThat(first).isNotDone();
    hanging.complete(new Landing.Missed(Reason.TIMEOUT));
  }

  @Test
  void takesWhatTheEarlierFlightBringsIfThatComesFirst() throws Exception {
    // given
    CompletableFuture<Landing> slow = new CompletableFuture<>();
    CompletableFuture<Landing> slower = new CompletableFuture<>();
    CompletableFuture<Landing> first = flights.join(key(1), false, fetch(slow));
    clock.addAndGet(Flights.LONG.toNanos());
    CompletableFuture<Landing> second = flights.join(key(1), false, fetch(slower));

    // when
    slow.complete(fetched());

    // then
    assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo(slow.join()).isEqualTo(first.join());
    slower.complete(fetched());
  }

  @Test
  void doesNotTakeTheEarlierFlightsFailureForItsOwn() throws Exception {
    // given
    CompletableFuture<Landing> failing = new CompletableFuture<>();
    CompletableFuture<Landing> good = new CompletableFuture<>();
    CompletableFuture<Landing> first = flights.join(key(1), false, fetch(failing));
    clock.addAndGet(Flights.LONG.toNanos());
    CompletableFuture<Landing> second = flights.join(key(1), false, fetch(good));

    // when
    failing.complete(new Landing.Missed(Reason.TIMEOUT));
    first.get(5, TimeUnit.SECONDS);

    // then
    assertThat(second).isNotDone();
    good.complete(fetched());
    assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo(good.join());
  }

  @Test
  void servesNobodyWithWhatLandedBeforeHeAsked() throws Exception {
    // given
    CompletableFuture<Landing> slow = new CompletableFuture<>();
    CompletableFuture<Landing> hanging = new CompletableFuture<>();
    CompletableFuture<Landing> first = flights.join(key(1), false, fetch(slow));
    clock.addAndGet(Flights.LONG.toNanos());
    CompletableFuture<Landing> second = flights.join(key(1), false, fetch(hanging));
    slow.complete(fetched());
    assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo(first.get(5, TimeUnit.SECONDS));

    // when
    CompletableFuture<Landing> third = flights.join(key(1), false, fetch(hanging));

    // then
    assertThat(third).isNotDone();
    hanging.complete(new Landing.Missed(Reason.TIMEOUT));
    assertThat(third.get(5, TimeUnit.SECONDS)).isEqualTo(new Landing.Missed(Reason.TIMEOUT));
  }

  @Test
  void neverHasAThirdFlightInTheAir() throws Exception {
    // given
    CompletableFuture<Landing> hanging = new CompletableFuture<>();
    CompletableFuture<Landing> first = flights.join(key(1), false, fetch(hanging));
    clock.addAndGet(Flights.LONG.toNanos());
    CompletableFuture<Landing> second = flights.join(key(1), false, fetch(hanging));
    clock.addAndGet(Flights.LONG.toNanos());

    // when
    CompletableFuture<Landing> third = flights.join(key(1), false, fetch(hanging));

    // then
    assertThat(third).isSameAs(second).isNotSameAs(first);
    hanging.complete(new Landing.Missed(Reason.TIMEOUT));
    assertThat(third.get(5, TimeUnit.SECONDS)).isEqualTo(new Landing.Missed(Reason.TIMEOUT));
    assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo(new Landing.Missed(Reason.TIMEOUT));
    assertThat(fetches).hasValue(2);
  }

  @Test
  void waitsForTheEarlierFlightWhereTheLimitsAllowNoSecondCall() throws Exception {
    // given
    CompletableFuture<Landing> slow = new CompletableFuture<>();
    CompletableFuture<Landing> first = flights.join(key(1), false, fetch(slow));
    clock.addAndGet(Flights.LONG.toNanos());
    Landing limited = new Landing.Missed(Reason.LIMITED);
    CompletableFuture<Landing> second =
        flights.join(key(1), false, fetch(CompletableFuture.completedFuture(limited)));

    // when
    slow.complete(fetched());

    // then
    assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo(first.get(5, TimeUnit.SECONDS));
  }

  private Supplier<Landing> fetch(CompletableFuture<Landing> landing) {
    return () -> {
      fetches.incrementAndGet();
      return landing.join();
    };
  }

  private static Landing fetched() {
    return new Landing.Fetched(
        new Fragment(1, Instant.EPOCH, null, List.of(), 0, List.of(), List.of()),
        new Hold(List.of()));
  }

  private static Flights.Key key(long version) {
    return new Flights.Key(new FragmentKey(1, 2, 3, 4), version);
  }
}
