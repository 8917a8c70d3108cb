package se.samflode.federation;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;
import se.samflode.identity.LogicalAddress;
import se.samflode.index.IndexHit;
import se.samflode.producer.Producer;

/**
 * One address that a question asks: what was kept of it, or the flight begun or joined for it.
 * Thread-safe.
 */
final class Asked {

  private final IndexHit hit;
  private final @Nullable Producer producer;
  private final @Nullable String contract;
  private final CompletableFuture<Landing> flight;
  private final @Nullable Kept kept;
  private final Reason late;
  private @Nullable Hold hold;
  private boolean left;

  /**
   * A fragment that was kept.
   *
   * @param use what it is good for
   * @param now as {@link Outcome.Shown#now}
   */
  record Kept(Fragment fragment, Freshness.Use use, boolean now) {}

  private Asked(
      IndexHit hit,
      RemoteSource.@Nullable Call call,
      CompletableFuture<Landing> flight,
      @Nullable Kept kept,
      Reason late) {
    this.hit = hit;
    this.producer = call == null ? null : call.producer();
    this.contract = call == null ? null : call.contract().name();
    this.flight = flight;
    this.kept = kept;
    this.late = late;
  }

  /**
   * One that is called.
   *
   * @param kept what was kept before; {@code null} for nothing
   * @param late why it is missing if it has not landed when the answer goes out
   */
  static Asked of(
      RemoteSource.Call call, CompletableFuture<Landing> flight, @Nullable Kept kept, Reason late) {
    Asked asked = new Asked(call.hit(), call, flight, kept, late);
    CompletableFuture<Void> _ = flight.thenAccept(asked::hold);
    return asked;
  }

  /** One that is served from what was kept. */
  static Asked served(RemoteSource.Call call, Kept kept) {
    return new Asked(
        call.hit(), call, CompletableFuture.completedFuture(NOT_CALLED), kept, Reason.TIMEOUT);
  }

  /** One that is not called. */
  static Asked nobody(IndexHit hit, RemoteSource.@Nullable Call call, Reason reason) {
    return new Asked(
        hit, call, CompletableFuture.completedFuture(new Landing.Missed(reason)), null, reason);
  }

  private static final Landing NOT_CALLED = new Landing.Missed(Reason.TIMEOUT);

  private synchronized void hold(Landing landing) {
    if (!left && landing instanceof Landing.Fetched(var fragment, var holdOfIt)) {
      holdOfIt.enter();
      hold = holdOfIt;
    }
  }

  /** The question needs nothing of it any more. */
  synchronized void leave() {
    left = true;
    if (hold != null) {
      hold.leave();
      hold = null;
    }
  }

  LogicalAddress address() {
    return hit.address();
  }

  /** The contract that it is asked; {@code null} where nobody is. */
  @Nullable String contract() {
    return contract;
  }

  CompletableFuture<Landing> flight() {
    return flight;
  }

  /** Whether it is about the same address, identity and version as a hit. */
  boolean isOf(IndexHit other) {
    return hit.version() == other.version()
        && hit.address().equals(other.address())
        && hit.person().equals(other.person());
  }

  /** Whether it took a call, so that the index may have changed meanwhile. */
  boolean isCalled() {
    return producer != null && !isServed();
  }

  private boolean isServed() {
    return kept != null && kept.use() == Freshness.Use.FRESH;
  }

  boolean isDenied() {
    return flight.getNow(NOT_CALLED) instanceof Landing.Missed missed
        && (missed.reason() == Reason.NO_ROUTE || missed.reason() == Reason.NOT_GRANTED);
  }

  /** The outcome as it stands now; a flight that has not landed has not answered in time. */
  Outcome outcome() {
    if (producer != null && kept != null && isServed()) {
      return new Outcome.Cached(address(), producer, kept.fragment(), kept.now());
    }
    return switch (flight.getNow(new Landing.Missed(late))) {
      case Landing.Fetched(var fragment, var ofIt) when producer != null ->
          new Outcome.Live(address(), producer, fragment);
      case Landing.Fetched fetched ->
          throw new IllegalStateException("a fragment came from no producer");
      case Landing.Missed(var reason, var messages) -> missed(reason, messages);
    };
  }

  private Outcome missed(Reason reason, List<String> messages) {
    if (producer != null
        && kept != null
        && kept.use() == Freshness.Use.IN_NEED
        && isTheProducersOrOurs(reason)) {
      return new Outcome.Stale(address(), producer, kept.fragment(), kept.now(), reason);
    }
    Instant lastSuccess = kept == null ? null : kept.fragment().fetchedAt();
    return new Outcome.Failed(address(), producer, reason, messages, lastSuccess);
  }

  /**
   * Whether what was kept may stand in: not where something is known to have changed, nor where the
   * producer mixes up residents, nor without a right to it.
   */
  private static boolean isTheProducersOrOurs(Reason reason) {
    return switch (reason) {
      case TIMEOUT,
          REFUSED,
          FAULT,
          HTTP_ERROR,
          MALFORMED,
          TOO_LARGE,
          WRONG_CONTRACT,
          LIMITED,
          CIRCUIT_OPEN,
          MAINTENANCE ->
          true;
      case WRONG_RESIDENT, CHANGED, NO_ROUTE, NOT_GRANTED -> false;
    };
  }
}
