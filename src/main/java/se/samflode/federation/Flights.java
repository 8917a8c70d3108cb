package se.samflode.federation;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;

/**
 * Single flight: one fetch for all who want the same fragment at the same version at the same time.
 * A flight goes on when those who began it have left. Thread-safe.
 *
 * <p>A flight that has been in the air for long may never land, and who asks again must not inherit
 * that: then a second one begins beside it, never a third but for who wants one of his own, and
 * whichever first brings a fragment serves those who wait for the second.
 */
final class Flights {

  /** In the air for longer than a call usually takes, and for less than callers usually wait. */
  static final Duration LONG = Duration.ofMillis(1800);

  /**
   * What two questions must agree in to share a fetch: the fragment, and the version, so that
   * nobody is given what was fetched before a change he knows of.
   */
  record Key(FragmentKey fragment, long version) {}

  /** A fetch under way. */
  private static final class Flight {

    /** By the monotonic clock, nanoseconds. */
    final long begun;

    final CompletableFuture<Landing> landing = new CompletableFuture<>();

    /** Beside which this one began; forgotten when this one has landed. */
    volatile @Nullable Flight earlier;

    Flight(long begun) {
      this.begun = begun;
    }

    boolean hasCompany() {
      Flight beside = earlier;
      return beside != null && !beside.landing.isDone();
    }
  }

  private final Map<Key, Flight> inFlight = new ConcurrentHashMap<>();
  private final LongSupplier clock;

  /**
   * @param clock monotonic, nanoseconds
   */
  Flights(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Joins the flight for this key, or begins one.
   *
   * @param alone begins one whatever is in the air: for who knows of a change that the index does
   *     not know yet. Those who come later join it
   * @param fetch runs on a virtual thread of its own; must not throw
   */
  CompletableFuture<Landing> join(Key key, boolean alone, Supplier<Landing> fetch) {
    Flight mine = new Flight(clock.getAsLong());
    Flight joined =
        inFlight.compute(
            key,
            (k, begun) -> {
              // What has landed is no flight any more: its fragment is of the past.
              if (begun == null || begun.landing.isDone() || alone) {
                return mine;
              }
              if (mine.begun - begun.begun < LONG.toNanos() || begun.hasCompany()) {
                return begun;
              }
              mine.earlier = begun;
              return mine;
            });
    if (joined == mine) {
      Flight earlier = mine.earlier;
      if (earlier != null) {
        CompletableFuture<Void> _ =
            earlier.landing.thenAccept(landing -> {
              if (landing instanceof Landing.Fetched) {
                land(key, mine, landing);
              }
            });
      }
      begin(key, mine, fetch);
    }
    return joined.landing;
  }

  private void begin(Key key, Flight flight, Supplier<Landing> fetch) {
    Thread.ofVirtual()
        .name("fetch")
        .start(() -> {
          Landing landing = new Landing.Missed(Reason.INTERNAL);
          try {
            landing = fetch.get();
          } finally {
            end(key, flight, landing);
            if (landing instanceof Landing.Fetched(Fragment fragment, Hold hold)) {
              // Those who wait for it hold it by now.
              hold.leave();
            }
          }
        });
  }

  private void end(Key key, Flight flight, Landing own) {
    Flight earlier = flight.earlier;
    if (earlier != null && own instanceof Landing.Missed(var reason, _) && isUnasked(reason)) {
      // The producer was not asked again, but the earlier call may still bring something.
      CompletableFuture<Void> _ =
          earlier.landing.thenAccept(
              landing -> land(key, flight, landing instanceof Landing.Fetched ? landing : own));
    } else {
      land(key, flight, own);
    }
  }

  private static boolean isUnasked(Reason reason) {
    return reason == Reason.LIMITED
        || reason == Reason.CIRCUIT_OPEN
        || reason == Reason.MAINTENANCE;
  }

  private void land(Key key, Flight flight, Landing landing) {
    // Removed first: who comes after the landing must begin a flight of his own.
    inFlight.remove(key, flight);
    flight.landing.complete(landing);
    flight.earlier = null;
  }
}
