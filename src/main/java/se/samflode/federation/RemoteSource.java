package se.samflode.federation;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import org.springframework.stereotype.Component;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.RequestBody;
import se.samflode.contract.SourceFailed;
import se.samflode.index.IndexHit;
import se.samflode.producer.Producer;
import se.samflode.producer.ProducerCalls;

/** Fetches a fragment from a producer through its route. Thread-safe. */
@Component
final class RemoteSource {

  private final ProducerCalls calls;
  private final Contracts contracts;
  private final MeterRegistry metrics;
  private final Clock clock;

  RemoteSource(ProducerCalls calls, Contracts contracts, MeterRegistry metrics, Clock clock) {
    this.calls = calls;
    this.contracts = contracts;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** What is asked of whom, for which question. */
  record Call(
      Question question, Contract contract, RequestBody request, IndexHit hit, Producer producer) {

    boolean followsPages() {
      return contract.more() != null && question.wanted().asReadModel();
    }
  }

  /**
   * Asks one address.
   *
   * @throws SourceFailed with the call's own failure, or WRONG_RESIDENT if the answer holds an item
   *     about somebody else
   */
  Fragment fetch(Call call) throws SourceFailed {
    Instant begun = clock.instant();
    return new Gathering(call, calls, contracts, metrics).gather(begun);
  }
}
