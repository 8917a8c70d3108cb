package se.samflode.federation;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Actor;
import se.samflode.contract.Reason;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/**
 * Single flight: one fetch for all who want the same fragment at the same version at the same time.
 * A flight goes on when those who began it have left. Thread-safe.
 */
final class Flights {

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

  private final Map<Key, CompletableFuture<Landing>> inFlight = new ConcurrentHashMap<>();

  /**
   * Joins the flight for this key, or begins one.
   *
   * @param fetch runs on a virtual thread of its own; must not throw
   */
  CompletableFuture<Landing> join(Key key, Supplier<Landing> fetch) {
    CompletableFuture<Landing> mine = new CompletableFuture<>();
    CompletableFuture<Landing> begun = inFlight.putIfAbsent(key, mine);
    if (begun != null) {
      return begun;
    }
    Thread.ofVirtual()
        .name("fetch")
        .start(() -> {
          Landing landing = new Landing.Missed(Reason.MALFORMED);
          try {
            landing = fetch.get();
          } finally {
            // Removed first: who comes after the landing must begin a flight of his own.
            inFlight.remove(key);
            mine.complete(landing);
          }
        });
    return mine;
  }
}
