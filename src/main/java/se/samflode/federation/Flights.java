package se.samflode.federation;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Actor;
import se.samflode.contract.Reason;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/**
 * Single flight: one fetch for all who want the same fragment at the same version at the same time.
 * A flight goes on when those who began it have left. Thread-safe.
 *
 * <p>A flight that has been in the air for long may never land, and who asks again must not inherit
 * that: then a new one begins, and whichever comes first with a fragment serves those who wait for
 * the new one.
 */
final class Flights {

  /** In the air for longer than a call usually takes, and for less than callers usually wait. */
  static final Duration LONG = Duration.ofMillis(1500);

  /**
   * What two questions must agree in to share a fetch: everything that may shape the answer, and
   * the version, so that nobody is given what was fetched before a change he knows of.
   */
  record Key(
      String contract,
      LogicalAddress address,
      String producer,
      PersonId resident,
      @Nullable Actor actor,
      Map<String, String> shaping,
      long version) {}

  /** How a fetch ended. */
  sealed interface Landing {
    /** With a fragment. */
    record Fetched(Fragment fragment) implements Landing {}

    /** Without one. */
    record Missed(Reason reason) implements Landing {}
  }

  /** A fetch under way. */
  private static final class Flight {

    /** By the monotonic clock, nanoseconds. */
    final long begun;

    final CompletableFuture<Landing> landing = new CompletableFuture<>();

    Flight(long begun) {
      this.begun = begun;
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
   * @param fetch runs on a virtual thread of its own; must not throw
   */
  CompletableFuture<Landing> join(Key key, Supplier<Landing> fetch) {
    Flight mine = new Flight(clock.getAsLong());
    Flight joined =
        inFlight.compute(
            key,
            (k, begun) -> {
              if (begun == null) {
                return mine;
              }
              if (mine.begun - begun.begun < LONG.toNanos()) {
                return begun;
              }
              CompletableFuture<Void> _ =
                  begun.landing.thenAccept(landing -> takeIfFetched(mine, landing));
              return mine;
            });
    if (joined == mine) {
      begin(key, mine, fetch);
    }
    return joined.landing;
  }

  private void begin(Key key, Flight flight, Supplier<Landing> fetch) {
    Thread.ofVirtual()
        .name("fetch")
        .start(() -> {
          Landing landing = new Landing.Missed(Reason.MALFORMED);
          try {
            landing = fetch.get();
          } finally {
            // Removed first: who comes after the landing must begin a flight of his own.
            inFlight.remove(key, flight);
            flight.landing.complete(landing);
          }
        });
  }

  private static void takeIfFetched(Flight flight, Landing earlier) {
    switch (earlier) {
      case Landing.Fetched fetched -> flight.landing.complete(fetched);
      case Landing.Missed missed -> {
        // The new flight's own end tells.
      }
    }
  }
}
