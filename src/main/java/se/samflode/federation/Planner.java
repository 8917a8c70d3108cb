package se.samflode.federation;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.Reason;
import se.samflode.contract.RequestBody;
import se.samflode.identity.LogicalAddress;
import se.samflode.index.EngagementIndex;
import se.samflode.index.IndexHit;
import se.samflode.index.IndexUnavailable;
import se.samflode.producer.Producers;

/** From a question to whom to ask what. Thread-safe. */
@Component
final class Planner {

  private final EngagementIndex index;
  private final Producers producers;
  private final Contracts contracts;

  Planner(EngagementIndex index, Producers producers, Contracts contracts) {
    this.index = index;
    this.producers = producers;
    this.contracts = contracts;
  }

  /** What to do about one hit. */
  sealed interface Step {
    /** Its producer has the answer. */
    record Ask(RemoteSource.Call call) implements Step {}

    /** It must not be asked, or nobody answers for it. */
    record Denied(Reason reason) implements Step {}
  }

  /**
   * The hits of the sources that a question is not limited away from.
   *
   * @throws IndexUnavailable if the index cannot say whom to ask
   */
  List<IndexHit> hits(Wanted wanted) {
    Set<LogicalAddress> sources = addresses(wanted.only().sourceSystems());
    Set<LogicalAddress> units = addresses(wanted.only().careUnits());
    boolean allSources = wanted.only().sourceSystems().isEmpty();
    return index
        .whatToAsk(
            wanted.resident(),
            wanted.index().serviceDomain(),
            wanted.categorizations(),
            wanted.contracts().getFirst().called())
        .stream()
        .filter(hit -> allSources || sources.contains(hit.address()))
        .filter(hit -> units.isEmpty() || mayHaveContentOf(units, hit))
        .toList();
  }

  /**
   * A source that indexes its content under its own address may have that of any unit, and what is
   * indexed under a unit may be of one below it.
   */
  private boolean mayHaveContentOf(Set<LogicalAddress> units, IndexHit hit) {
    return hit.logicalAddresses().stream()
        .anyMatch(indexed ->
            indexed.equals(hit.address())
                || producers.withParents(indexed).stream().anyMatch(units::contains)
                || units.stream().anyMatch(unit -> producers.withParents(unit).contains(indexed)));
  }

  /** Whether a unit, as a producer writes it, is one of some units or below one of them. */
  boolean isWithin(Set<LogicalAddress> units, String unit) {
    if (unit.isBlank() || unit.length() > LogicalAddress.MAX_LENGTH) {
      return false;
    }
    return producers.withParents(new LogicalAddress(unit)).stream().anyMatch(units::contains);
  }

  /** Those of some texts that can be addresses. */
  static Set<LogicalAddress> addresses(Set<String> hsaIds) {
    return hsaIds.stream()
        .filter(id -> !id.isBlank() && id.length() <= LogicalAddress.MAX_LENGTH)
        .map(LogicalAddress::new)
        .collect(Collectors.toSet());
  }

  /** The contracts of a question that may be asked at an address, the preferred one first. */
  Stream<Contract> granted(Question question, LogicalAddress address) {
    List<LogicalAddress> units = producers.withParents(address);
    return question.wanted().contracts().stream()
        .filter(contract -> question.asker().isGranted(contract.name(), units));
  }

  /** Whom to ask for one hit: rights first, so that nothing is read without them. */
  Step step(Question question, IndexHit hit) {
    List<Contract> granted = granted(question, hit.address()).toList();
    if (granted.isEmpty()) {
      return new Step.Denied(Reason.NOT_GRANTED);
    }
    return producers
        .answering(granted, hit.address())
        .<Step>map(answering -> new Step.Ask(call(question, hit, answering)))
        .orElseGet(() -> new Step.Denied(Reason.NO_ROUTE));
  }

  private RemoteSource.Call call(Question question, IndexHit hit, Producers.Answering answering) {
    RequestBody request = question.wanted().request();
    return new RemoteSource.Call(
        question,
        answering.contract(),
        request == null ? contracts.requestOfEverything(answering.contract()) : request,
        hit,
        answering.producer(),
        question.wanted().only().careUnits().isEmpty() ? 0 : producers.unitTree());
  }
}
