package se.samflode.federation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import se.samflode.contract.Contract;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;
import se.samflode.federation.Flights.Landing;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.Redaction;
import se.samflode.index.EngagementIndex;
import se.samflode.index.IndexHit;
import se.samflode.index.IndexUnavailable;
import se.samflode.producer.Producer;
import se.samflode.producer.Producers;

/**
 * Answers a question: the index says whom to ask, all are asked at once, and at the latest when the
 * question's wait is over the answer goes out with what has come. Thread-safe.
 */
@Service
public final class Federation {

  private static final Logger LOG = LoggerFactory.getLogger(Federation.class);

  private final EngagementIndex index;
  private final Producers producers;
  private final RemoteSource remote;
  private final Flights flights = new Flights(System::nanoTime);
  private final MeterRegistry metrics;
  private final Clock clock;

  Federation(
      EngagementIndex index,
      Producers producers,
      RemoteSource remote,
      MeterRegistry metrics,
      Clock clock) {
    this.index = index;
    this.producers = producers;
    this.remote = remote;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Asks every address that the index names for the resident.
   *
   * @return one outcome for each address, whatever became of it; to be closed when it is written
   * @throws IndexUnavailable if the index cannot say whom to ask; then nothing is known
   * @throws NotStarted if no producer can be called yet
   */
  public Answer ask(Question question) {
    if (!producers.started()) {
      throw new NotStarted();
    }
    long begun = System.nanoTime();
    Instant asOf = clock.instant();
    List<Asked> asked = new ArrayList<>();
    for (IndexHit hit : whatToAsk(question.wanted())) {
      asked.add(ask(question, hit));
    }
    asked.sort(Comparator.comparing(a -> a.address().folded()));
    awaitAll(asked, question.within().toNanos() - (System.nanoTime() - begun));

    boolean complete = true;
    List<Outcome> outcomes = new ArrayList<>(asked.size());
    for (Asked one : asked) {
      Outcome outcome = one.outcome();
      complete &= outcome instanceof Outcome.Live live && isWhole(question, live.fragment());
      if (!one.denied() || question.asker().seesDenied()) {
        outcomes.add(outcome);
      }
    }
    Answer answer = new Answer(asOf, outcomes, complete, asked);
    report(question, answer, System.nanoTime() - begun);
    return answer;
  }

  private static boolean isWhole(Question question, Fragment fragment) {
    return fragment.leftOut(question.wanted().asReadModel()) == 0 && fragment.nextPages().isEmpty();
  }

  /** The hits of the sources that the question is not limited away from. */
  private List<IndexHit> whatToAsk(Wanted wanted) {
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

  /** A source that indexes its content under its own address may have that of any unit. */
  private boolean mayHaveContentOf(Set<LogicalAddress> units, IndexHit hit) {
    return hit.logicalAddresses().stream()
        .anyMatch(indexed ->
            indexed.equals(hit.address())
                || producers.withParents(indexed).stream().anyMatch(units::contains));
  }

  private static Set<LogicalAddress> addresses(Set<String> hsaIds) {
    return hsaIds.stream()
        .filter(id -> !id.isBlank() && id.length() <= LogicalAddress.MAX_LENGTH)
        .map(LogicalAddress::new)
        .collect(Collectors.toSet());
  }

  private Asked ask(Question question, IndexHit hit) {
    LogicalAddress address = hit.address();
    List<LogicalAddress> units = producers.withParents(address);
    Reason denied = Reason.NOT_GRANTED;
    for (Contract contract : question.wanted().contracts()) {
      if (question.asker().isGranted(contract.name(), units)) {
        denied = Reason.NO_ROUTE;
        Optional<Producer> answering = producers.answering(contract, address);
        if (answering.isPresent()) {
          return ask(question, contract, hit, answering.get());
        }
      }
    }
    return Asked.nobody(address, denied);
  }

  private Asked ask(Question question, Contract contract, IndexHit hit, Producer producer) {
    RemoteSource.Call call =
        new RemoteSource.Call(
            question, contract, question.wanted().request(contract), hit, producer);
    Flights.Key key =
        new Flights.Key(
            call.request(),
            call.followsPages(),
            hit.address(),
            producer.id(),
            hit.person(),
            question.actor(),
            question.shaping(),
            hit.version());
    return Asked.of(hit.address(), producer, flights.join(key, () -> fetch(call)));
  }

  private Landing fetch(RemoteSource.Call call) {
    try {
      return new Landing.Fetched(remote.fetch(call));
    } catch (SourceFailed e) {
      return new Landing.Missed(e.reason(), e.messages());
    } catch (RuntimeException e) {
      // A bug of ours must end like any other fetch, in an outcome; its text may repeat content.
      LOG.atError()
          .addKeyValue("event", "fetch.broken")
          .addKeyValue("correlationId", call.question().correlationId())
          .addKeyValue("producer", call.producer().id())
          .addKeyValue("error", e.getClass().getName())
          .log("a fetch ended in an error of ours");
      return new Landing.Missed(Reason.MALFORMED);
    }
  }

  private static void awaitAll(List<Asked> asked, long nanos) {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(
            asked.stream().map(Asked::flight).toArray(CompletableFuture<?>[]::new));
    try {
      all.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // What has not landed gets its outcome from Asked.outcome.
    } catch (InterruptedException e) {
      // We are being stopped: answer with what has come.
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a flight ended without landing", e.getCause());
    }
  }

  private void count(Outcome outcome) {
    Producer producer = outcome.producer();
    String told =
        switch (outcome) {
          case Outcome.Live live -> "live";
          case Outcome.Failed failed -> failed.reason().code();
        };
    Counter.builder("samflode.sources")
        .description("Sources in answers, by what they were told as")
        .tag("producer", producer == null ? "none" : producer.id())
        .tag("outcome", told)
        .register(metrics)
        .increment();
  }

  private void report(Question question, Answer answer, long nanos) {
    int failed = 0;
    for (Outcome outcome : answer.outcomes()) {
      count(outcome);
      if (outcome instanceof Outcome.Failed(var from, var producer, var reason, var messages)) {
        failed++;
        LOG.atWarn()
            .addKeyValue("event", "source.failed")
            .addKeyValue("correlationId", question.correlationId())
            .addKeyValue("producer", producer == null ? "none" : producer.id())
            .addKeyValue("address", Redaction.redact(from.value()))
            .addKeyValue("reason", reason.code())
            .log("a source is missing in an answer");
      }
    }
    LOG.atInfo()
        .addKeyValue("event", "question.answered")
        .addKeyValue("correlationId", question.correlationId())
        .addKeyValue("contract", question.wanted().name())
        .addKeyValue("sources", answer.outcomes().size())
        .addKeyValue("failed", failed)
        .addKeyValue("complete", answer.complete())
        .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nanos))
        .log("question answered");
    Timer.builder("samflode.questions")
        .description("Questions, until their answer was ready to be written")
        .tag("contract", question.wanted().name())
        .tag("complete", String.valueOf(answer.complete()))
        .register(metrics)
        .record(nanos, TimeUnit.NANOSECONDS);
  }
}
