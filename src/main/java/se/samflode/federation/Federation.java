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
import org.jspecify.annotations.Nullable;
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

  /** One address to ask, and the flight that was begun or joined for it. */
  private record Asked(
      LogicalAddress address, @Nullable Producer producer, CompletableFuture<Landing> flight) {

    boolean denied() {
      return flight.getNow(null) instanceof Landing.Missed(Reason reason)
          && (reason == Reason.NO_ROUTE || reason == Reason.NOT_GRANTED);
    }

    /** The outcome as it stands now; a flight that has not landed has not answered in time. */
    Outcome outcome() {
      return switch (flight.getNow(new Landing.Missed(Reason.TIMEOUT))) {
        case Landing.Fetched(Fragment fragment) when producer != null ->
            new Outcome.Live(address, producer, fragment);
        case Landing.Fetched fetched ->
            throw new IllegalStateException("a fragment came from no producer");
        case Landing.Missed(Reason reason) -> new Outcome.Failed(address, producer, reason);
      };
    }
  }

  /**
   * Asks every address that the index names for the resident.
   *
   * @return one outcome for each address, whatever became of it
   * @throws IndexUnavailable if the index cannot say whom to ask; then nothing is known
   * @throws NotStarted if no producer can be called yet
   */
  public Answer ask(Question question) {
    if (!producers.started()) {
      throw new NotStarted();
    }
    long begun = System.nanoTime();
    Instant asOf = clock.instant();
    Contract contract = question.contract();
    List<Asked> asked = new ArrayList<>();
    for (IndexHit hit :
        index.whatToAsk(
            question.resident(),
            contract.index().serviceDomain(),
            Set.copyOf(contract.index().categorizations()),
            contract.called())) {
      asked.add(ask(question, hit));
    }
    asked.sort(Comparator.comparing(a -> a.address().folded()));
    awaitAll(asked, question.within().toNanos() - (System.nanoTime() - begun));

    boolean complete = true;
    List<Outcome> outcomes = new ArrayList<>(asked.size());
    for (Asked one : asked) {
      Outcome outcome = one.outcome();
      complete &= outcome instanceof Outcome.Live live && live.fragment().leftOut() == 0;
      if (!one.denied() || question.asker().seesDenied()) {
        outcomes.add(outcome);
      }
    }
    Answer answer = new Answer(asOf, outcomes, complete);
    report(question, answer, System.nanoTime() - begun);
    return answer;
  }

  private Asked ask(Question question, IndexHit hit) {
    LogicalAddress address = hit.address();
    Contract contract = question.contract();
    if (!question.asker().isGranted(contract.name(), producers.withParents(address))) {
      return new Asked(address, null, missed(Reason.NOT_GRANTED));
    }
    Optional<Producer> answering = producers.answering(contract, address);
    if (answering.isEmpty()) {
      return new Asked(address, null, missed(Reason.NO_ROUTE));
    }
    Producer producer = answering.get();
    Flights.Key key =
        new Flights.Key(
            contract.name(),
            address,
            producer.id(),
            hit.person(),
            question.actor(),
            question.shaping(),
            hit.version());
    return new Asked(address, producer, flights.join(key, () -> fetch(question, hit, producer)));
  }

  private Landing fetch(Question question, IndexHit hit, Producer producer) {
    try {
      return new Landing.Fetched(remote.fetch(question, hit, producer));
    } catch (SourceFailed e) {
      return new Landing.Missed(e.reason());
    } catch (RuntimeException e) {
      // A bug of ours must end like any other fetch, in an outcome; its text may repeat content.
      LOG.atError()
          .addKeyValue("event", "fetch.broken")
          .addKeyValue("correlationId", question.correlationId())
          .addKeyValue("producer", producer.id())
          .addKeyValue("error", e.getClass().getName())
          .log("a fetch ended in an error of ours");
      return new Landing.Missed(Reason.MALFORMED);
    }
  }

  private static CompletableFuture<Landing> missed(Reason reason) {
    return CompletableFuture.completedFuture(new Landing.Missed(reason));
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
          case Outcome.Failed(var from, var asked, var reason) -> reason.code();
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
      if (outcome instanceof Outcome.Failed(var from, var producer, var reason)) {
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
        .addKeyValue("contract", question.contract().name())
        .addKeyValue("sources", answer.outcomes().size())
        .addKeyValue("failed", failed)
        .addKeyValue("complete", answer.complete())
        .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nanos))
        .log("question answered");
    Timer.builder("samflode.questions")
        .description("Questions, until their answer was ready to be written")
        .tag("contract", question.contract().name())
        .tag("complete", String.valueOf(answer.complete()))
        .register(metrics)
        .record(nanos, TimeUnit.NANOSECONDS);
  }
}
