package se.samflode.producer;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.contract.SourceFailed;

/**
 * Makes the producers' circuit breakers, which stand in their routes, and says what they count.
 *
 * <p>A call failed if it shows that the producer is ill, whoever is asked about: no answer in time,
 * no connection, an HTTP status that is no success (a SOAP fault comes with 500), an answer that
 * cannot be read or is another contract's. What may lie with the one question, a result code ERROR,
 * somebody else's content or too much content, is an answer, as quick or slow as it was. What lies
 * with us does not count at all. Stateless.
 */
final class Breakers {

  private static final Logger LOG = LoggerFactory.getLogger(Breakers.class);

  private Breakers() {}

  /** A closed breaker by a producer's settings. */
  static CircuitBreaker of(Producer producer) {
    return told(closed(producer));
  }

  private static CircuitBreaker closed(Producer producer) {
    Producer.Breaker settings = producer.breaker();
    return CircuitBreaker.of(
        producer.id(),
        CircuitBreakerConfig.custom()
            .slidingWindowType(SlidingWindowType.TIME_BASED)
            .slidingWindowSize(Math.toIntExact(settings.window().toSeconds()))
            .minimumNumberOfCalls(settings.calls())
            .failureRateThreshold(settings.failureRate())
            .slowCallDurationThreshold(settings.slowCall())
            .slowCallRateThreshold(settings.slowRate())
            .waitDurationInOpenState(settings.openFor())
            // So that the state that is shown, and looked at before a permit is taken, is true.
            .automaticTransitionFromOpenToHalfOpenEnabled(true)
            .permittedNumberOfCallsInHalfOpenState(settings.trials())
            .ignoreException(failure -> fault(failure) == Fault.OURS)
            .recordException(failure -> fault(failure) == Fault.PRODUCERS)
            .writableStackTraceEnabled(false)
            .build());
  }

  /** One by a producer's new settings in place of another; a producer that is ill stays so. */
  static CircuitBreaker inPlaceOf(CircuitBreaker old, Producer producer) {
    CircuitBreaker next = closed(producer);
    if (old.getState() != State.CLOSED) {
      next.transitionToOpenState();
    }
    return told(next);
  }

  private static CircuitBreaker told(CircuitBreaker breaker) {
    breaker
        .getEventPublisher()
        .onStateTransition(event ->
            tell(
                breaker.getName(),
                event.getStateTransition().getFromState(),
                event.getStateTransition().getToState()));
    return breaker;
  }

  private enum Fault {
    PRODUCERS,
    OURS,
    NOBODYS
  }

  /** Judged on the thread of the call, before its handle has ended. */
  private static Fault fault(Throwable failure) {
    if (CallHandle.CURRENT.isBound() && CallHandle.CURRENT.get().expired()) {
      return Fault.PRODUCERS;
    }
    SourceFailed failed = CallFailure.sourceFailed(failure);
    return failed == null
        ? Fault.OURS
        : switch (failed.reason()) {
          case TIMEOUT, REFUSED, HTTP_ERROR, MALFORMED, WRONG_CONTRACT -> Fault.PRODUCERS;
          case FAULT -> CallFailure.isByStatus(failure) ? Fault.PRODUCERS : Fault.NOBODYS;
          case TOO_LARGE, WRONG_RESIDENT -> Fault.NOBODYS;
          case LIMITED, CIRCUIT_OPEN, MAINTENANCE, CHANGED, INTERNAL, NO_ROUTE, NOT_GRANTED ->
              Fault.OURS;
        };
  }

  private static void tell(String producer, State from, State to) {
    if (from == State.CLOSED) {
      LOG.atWarn()
          .addKeyValue("event", "producer.circuit-opened")
          .addKeyValue("producer", producer)
          .log("a producer fails so often, or is so slow, that it is left alone for a while");
    } else if (to == State.CLOSED) {
      LOG.atInfo()
          .addKeyValue("event", "producer.circuit-closed")
          .addKeyValue("producer", producer)
          .log("a producer answers again and is asked as before");
    }
  }
}
