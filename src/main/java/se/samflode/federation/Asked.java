package se.samflode.federation;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;
import se.samflode.federation.Flights.Landing;
import se.samflode.identity.LogicalAddress;
import se.samflode.producer.Producer;

/** One address that a question asks, and the flight begun or joined for it. Thread-safe. */
final class Asked {

  private final LogicalAddress address;
  private final @Nullable Producer producer;
  private final CompletableFuture<Landing> flight;
  private @Nullable Hold hold;
  private boolean left;

  private Asked(
      LogicalAddress address, @Nullable Producer producer, CompletableFuture<Landing> flight) {
    this.address = address;
    this.producer = producer;
    this.flight = flight;
  }

  static Asked of(LogicalAddress address, Producer producer, CompletableFuture<Landing> flight) {
    Asked asked = new Asked(address, producer, flight);
    CompletableFuture<Void> _ = flight.thenAccept(asked::hold);
    return asked;
  }

  /** One that is not called. */
  static Asked nobody(LogicalAddress address, Reason reason) {
    return new Asked(address, null, CompletableFuture.completedFuture(new Landing.Missed(reason)));
  }

  private synchronized void hold(Landing landing) {
    if (!left && landing instanceof Landing.Fetched(Fragment fragment)) {
      fragment.hold().enter();
      hold = fragment.hold();
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
    return address;
  }

  CompletableFuture<Landing> flight() {
    return flight;
  }

  boolean denied() {
    return flight.getNow(null) instanceof Landing.Missed missed
        && (missed.reason() == Reason.NO_ROUTE || missed.reason() == Reason.NOT_GRANTED);
  }

  /** The outcome as it stands now; a flight that has not landed has not answered in time. */
  Outcome outcome() {
    return switch (flight.getNow(new Landing.Missed(Reason.TIMEOUT))) {
      case Landing.Fetched(Fragment fragment) when producer != null ->
          new Outcome.Live(address, producer, fragment);
      case Landing.Fetched fetched ->
          throw new IllegalStateException("a fragment came from no producer");
      case Landing.Missed(var reason, var messages) ->
          new Outcome.Failed(address, producer, reason, messages);
    };
  }
}
