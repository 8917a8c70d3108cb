package se.samflode.federation;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;
import se.samflode.identity.LogicalAddress;
import se.samflode.index.IndexHit;

/**
 * One address that a question asks: what was kept of it, or the flight begun or joined for it.
 * Thread-safe.
 */
final class Asked {

  /** How it is answered. */
  private enum Way {
    /** By a call, or by one for which there is no time any more. */
    CALLED,
    /** From the cache. */
    SERVED,
    /** From what is held here, or not at all. */
    NEITHER
  }

  private final IndexHit hit;
  private final @Nullable Answering producer;
  private final @Nullable String contract;
  private final CompletableFuture<Landing> flight;
  private final @Nullable Kept kept;
  private final Reason late;
  private final Way way;
  private @Nullable Hold hold;
  private boolean left;

  /**
   * A fragment that was kept.
   *
   * @param use what it is good for at a time
   */
  record Kept(Fragment fragment, Function<Instant, Freshness.Use> use) {

    Freshness.Use use(Instant at) {
      return use.apply(at);
    }
  }

  private Asked(
      IndexHit hit,
      @Nullable Answering producer,
      @Nullable String contract,
      CompletableFuture<Landing> flight,
      @Nullable Kept kept,
      Reason late,
      Way way) {
    this.hit = hit;
    this.producer = producer;
    this.contract = contract;
    this.flight = flight;
    this.kept = kept;
    this.late = late;
    this.way = way;
  }

  /**
   * One that is called.
   *
   * @param kept what was kept before; {@code null} for nothing
   * @param late why it is missing if it has not landed when the answer goes out
   */
  static Asked of(
      RemoteSource.Call call, CompletableFuture<Landing> flight, @Nullable Kept kept, Reason late) {
    Asked asked =
        new Asked(
            call.hit(),
            Answering.of(call.producer()),
            call.contract().name(),
            flight,
            kept,
            late,
            Way.CALLED);
    CompletableFuture<Void> _ = flight.thenAccept(asked::hold);
    return asked;
  }

  /** One that is served from what was kept. */
  static Asked served(RemoteSource.Call call, Kept kept) {
    return new Asked(
        call.hit(),
        Answering.of(call.producer()),
        call.contract().name(),
        CompletableFuture.completedFuture(NOT_CALLED),
        kept,
        Reason.TIMEOUT,
        Way.SERVED);
  }

  /** One whose content is held here. */
  static Asked held(IndexHit hit, Answering sender, String contract, Landing landing) {
    Asked asked =
        new Asked(
            hit,
            sender,
            contract,
            CompletableFuture.completedFuture(landing),
            null,
            Reason.TIMEOUT,
            Way.NEITHER);
    // Nobody else needs it: the place of who read it goes over to who asked.
    asked.hold = landing instanceof Landing.Fetched fetched ? fetched.hold() : null;
    return asked;
  }

  /** One that is not called. */
  static Asked nobody(IndexHit hit, RemoteSource.@Nullable Call call, Reason reason) {
    return new Asked(
        hit,
        call == null ? null : Answering.of(call.producer()),
        call == null ? null : call.contract().name(),
        CompletableFuture.completedFuture(new Landing.Missed(reason)),
        null,
        reason,
        call == null ? Way.NEITHER : Way.CALLED);
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
    return way == Way.CALLED;
  }

  /** Whether what was kept was fresh when it was looked for, and is not any more. */
  boolean isOutdated(Instant now) {
    return way == Way.SERVED && kept != null && kept.use(now) != Freshness.Use.FRESH;
  }

  boolean isDenied() {
    return flight.getNow(NOT_CALLED) instanceof Landing.Missed missed
        && (missed.reason() == Reason.NO_ROUTE || missed.reason() == Reason.NOT_GRANTED);
  }

  /**
   * The outcome as it stands now; a flight that has not landed has not answered in time.
   *
   * @param heldHere ids of items that count as they are held here, so that a producer's are left
   *     out
   */
  Outcome outcome(Set<String> heldHere, Instant now) {
    Set<String> without = way == Way.NEITHER ? Set.of() : heldHere;
    if (producer != null && kept != null && way == Way.SERVED && !isOutdated(now)) {
      return new Outcome.Cached(
          address(),
          producer,
          kept.fragment().without(without),
          Freshness.isOfThisMoment(kept.fragment(), now));
    }
    return switch (flight.getNow(new Landing.Missed(late))) {
      case Landing.Fetched(var fragment, var ofIt) when producer != null ->
          new Outcome.Live(address(), producer, fragment.without(without));
      case Landing.Fetched fetched ->
          throw new IllegalStateException("a fragment came from no producer");
      case Landing.Missed(var reason, var messages) -> missed(reason, messages, without, now);
    };
  }

  private Outcome missed(Reason reason, List<String> messages, Set<String> without, Instant now) {
    if (producer != null
        && kept != null
        && kept.use(now) != Freshness.Use.NONE
        && isTheProducersOrOurs(reason)) {
      return new Outcome.Stale(
          address(),
          producer,
          kept.fragment().without(without),
          Freshness.isOfThisMoment(kept.fragment(), now),
          reason,
          messages);
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
          MAINTENANCE,
          INTERNAL ->
          true;
      case WRONG_RESIDENT, CHANGED, NO_ROUTE, NOT_GRANTED -> false;
    };
  }
}
