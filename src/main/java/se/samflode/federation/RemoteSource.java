package se.samflode.federation;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import se.samflode.config.InvalidFile;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.RequestBody;
import se.samflode.contract.SourceFailed;
import se.samflode.index.EngagementIndex;
import se.samflode.index.IndexHit;
import se.samflode.producer.Producer;
import se.samflode.producer.ProducerCalls;
import se.samflode.readmodel.Kind;
import se.samflode.readmodel.Readers;
import tools.jackson.databind.json.JsonMapper;

/** Fetches a fragment from a producer through its route. Thread-safe. */
@Component
final class RemoteSource {

  private final ProducerCalls calls;
  private final Contracts contracts;
  private final EngagementIndex index;
  private final Planner planner;
  private final Freshness freshness;
  private final JsonMapper json;
  private final MeterRegistry metrics;
  private final Clock clock;

  RemoteSource(
      ProducerCalls calls,
      Contracts contracts,
      EngagementIndex index,
      Planner planner,
      Freshness freshness,
      JsonMapper json,
      MeterRegistry metrics,
      Clock clock) {
    contracts.all().forEach(RemoteSource::requireReader);
    this.calls = calls;
    this.contracts = contracts;
    this.index = index;
    this.planner = planner;
    this.freshness = freshness;
    this.json = json;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Else all its items would be missing in an answer that says that it is complete. */
  static void requireReader(Contract contract) {
    String kind = contract.kind();
    if (kind == null) {
      return;
    }
    if (Stream.of(Kind.values()).noneMatch(known -> known.path().equals(kind))) {
      throw new InvalidFile(
          contract.interaction().descriptor(),
          "there is no kind "
              + kind
              + "; leave kind out, so that the contract is served over SOAP only");
    }
    if (Readers.of(contract.name()).isEmpty()) {
      throw new InvalidFile(
          contract.interaction().descriptor(),
          "there is no reader of "
              + contract.name()
              + " for the kind "
              + kind
              + "; leave kind out, so that the contract is served over SOAP only");
    }
  }

  /**
   * What is asked of whom, for which question.
   *
   * @param unitTree tells apart the trees of units by which items of other units are left out; 0
   *     where none are
   */
  record Call(
      Question question,
      Contract contract,
      RequestBody request,
      IndexHit hit,
      Producer producer,
      int unitTree) {

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
  Landing.Fetched fetch(Call call) throws SourceFailed {
    Instant begun = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Gathering(call, calls, contracts, index, planner, json, metrics)
        .gather(begun, freshness.notAfter(call.hit(), begun));
  }
}
