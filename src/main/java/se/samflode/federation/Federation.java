package se.samflode.federation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import se.samflode.contract.Reason;
import se.samflode.identity.Redaction;
import se.samflode.index.IndexHit;
import se.samflode.index.IndexUnavailable;
import se.samflode.producer.Producers;

/**
 * Answers a question: the index says whom to ask, all are asked at once, and at the latest when the
 * question's wait is over the answer goes out with what has come. Thread-safe.
 */
@Service
public final class Federation {

  private static final Logger LOG = LoggerFactory.getLogger(Federation.class);

  /** Rounds of calls in one answer: what changed while it was fetched is fetched once more. */
  private static final int ROUNDS = 2;

  /** Addresses asked for one answer: more of one resident are a fault in the index. */
  private static final int MOST_ASKED = 1_000;

  private final Planner planner;
  private final Producers producers;
  private final PushedSource pushedSource;
  private final Fetching fetching;
  private final Fragments fragments;
  private final Freshness freshness;
  private final Samples samples;
  private final SourceCounts counts;
  private final Clock clock;

  Federation(
      Planner planner,
      Producers producers,
      PushedSource pushedSource,
      Fetching fetching,
      Fragments fragments,
      Freshness freshness,
      Samples samples,
      SourceCounts counts,
      Clock clock) {
    this.planner = planner;
    this.producers = producers;
    this.pushedSource = pushedSource;
    this.fetching = fetching;
    this.fragments = fragments;
    this.freshness = freshness;
    this.samples = samples;
    this.counts = counts;
    this.clock = clock;
  }

  /**
   * Has every address answered that the index names for the resident: from what is kept of it where
   * that is fresh, else by its producer.
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
    long deadline = begun + question.within().toNanos();
    Instant asOf = clock.instant();
    List<Asked> all = new ArrayList<>();
    boolean answered = false;
    try {
      Answer answer = answer(question, asked(question, all, deadline), asOf, begun);
      answered = true;
      return answer;
    } finally {
      if (!answered) {
        // What has come is not written by anybody, and must not count as if it were to be.
        all.forEach(Asked::leave);
      }
    }
  }

  /**
   * What was asked for an answer.
   *
   * @param pushed what is held of it here, as it stood at the end; {@code null} where nobody pushes
   */
  private record Round(List<Asked> asked, PushedSource.@Nullable Pushed pushed) {}

  /**
   * Has every address asked, and asked again where it changed meanwhile.
   *
   * @param all takes every one that was begun, those too that are not in the answer
   */
  private Round asked(Question question, List<Asked> all, long deadline) {
    List<IndexHit> hits = planner.hits(question.wanted());
    // After the index: what was withdrawn before its versions were read is gone here too.
    PushedSource.Pushed pushed = pushedSource.of(question);
    try (pushed) {
      for (IndexHit hit : withUnindexed(hits, pushed)) {
        all.addAll(
            all.size() < MOST_ASKED
                ? begin(question, hit, pushed, Reason.TIMEOUT)
                : List.of(Asked.nobody(hit, null, Reason.LIMITED)));
      }
    }
    Round round = new Round(new ArrayList<>(all), pushed);
    awaitAll(round.asked(), deadline);
    for (int number = 1; round.asked().stream().anyMatch(Asked::isCalled); number++) {
      Round now = askAgainWhatChanged(question, round, all, number == ROUNDS);
      boolean changed = !round.asked().containsAll(now.asked());
      round = now;
      if (!changed || number == ROUNDS) {
        break;
      }
      awaitAll(round.asked(), deadline);
    }
    round.asked().sort(Comparator.comparing(a -> a.address().folded()));
    return round;
  }

  private static List<IndexHit> withUnindexed(
      List<IndexHit> hits, PushedSource.@Nullable Pushed pushed) {
    if (pushed == null) {
      return hits;
    }
    List<IndexHit> all = new ArrayList<>(hits);
    all.addAll(pushed.unindexed(hits));
    return all;
  }

  private Answer answer(Question question, Round round, Instant asOf, long begun) {
    // Others may have kept this answer waiting: what is told is judged as it goes out.
    Instant now = clock.instant();
    boolean complete = true;
    List<Outcome> all = new ArrayList<>(round.asked().size());
    List<Outcome> outcomes = new ArrayList<>(round.asked().size());
    Set<String> heldHere = round.pushed() == null ? Set.of() : round.pushed().ids();
    for (Asked one : round.asked()) {
      Outcome outcome = one.outcome(heldHere, now);
      complete &= isWhole(question, outcome);
      counts.count(one.contract(), outcome, asOf);
      all.add(outcome);
      if (!one.isDenied() || question.asker().seesDenied()) {
        outcomes.add(outcome);
      }
    }
    Answer answer = new Answer(asOf, outcomes, complete, round.asked());
    report(question, all, answer.complete(), System.nanoTime() - begun);
    return answer;
  }

  private static boolean isWhole(Question question, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Live live -> isWhole(question, live.fragment());
      case Outcome.Cached cached -> isWhole(question, cached.fragment());
      case Outcome.Stale stale -> false;
      case Outcome.Failed failed -> false;
    };
  }

  private static boolean isWhole(Question question, Fragment fragment) {
    return fragment.leftOut(question.wanted().asReadModel()) == 0 && fragment.nextPages().isEmpty();
  }

  /** Whoever has something at an address: what is held here, a producer, or both. */
  private List<Asked> begin(
      Question question, IndexHit hit, PushedSource.@Nullable Pushed pushed, Reason late) {
    Asked held = pushed == null ? null : pushed.ask(hit);
    if (hit.version() == IndexHit.UNINDEXED) {
      return List.of(held == null ? Asked.nobody(hit, null, Reason.NOT_GRANTED) : held);
    }
    return switch (planner.step(question, hit)) {
      case Planner.Step.Denied(var reason) when held != null -> List.of(held);
      case Planner.Step.Denied(var reason) -> List.of(Asked.nobody(hit, null, reason));
      case Planner.Step.Ask(var call) when held != null -> List.of(ask(call, late), held);
      case Planner.Step.Ask(var call) -> List.of(ask(call, late));
    };
  }

  private Asked ask(RemoteSource.Call call, Reason late) {
    FragmentKey key = FragmentKey.of(call);
    boolean uncached = call.question().uncached();
    Asked.Kept kept = kept(call, key);
    // Now: it may have been fetched while this question waited for the index.
    if (kept != null && kept.use(clock.instant()) == Freshness.Use.FRESH) {
      samples.served(call);
      return Asked.served(call, kept);
    }
    return Asked.of(call, fetching.fetch(call, key, uncached), kept, late);
  }

  /** What is kept, and what it is good for: for who will have nothing from before, for nothing. */
  private Asked.@Nullable Kept kept(RemoteSource.Call call, FragmentKey key) {
    Fragment kept = fragments.get(key);
    if (kept == null) {
      return null;
    }
    if (call.question().uncached()) {
      return new Asked.Kept(kept, at -> Freshness.Use.NONE);
    }
    Duration maxAge = freshness.maxAge(call.producer(), call.contract());
    return new Asked.Kept(kept, at -> freshness.use(kept, call.hit().version(), maxAge, at));
  }

  /**
   * Reads the versions again: what is in the answer must be of the present one, and what was kept
   * must still be fresh.
   *
   * @param all as for {@link #asked}
   * @param last whether there is no time for more calls, so that what changed is told as such
   */
  private Round askAgainWhatChanged(
      Question question, Round before, List<Asked> all, boolean last) {
    List<Asked> left = new ArrayList<>(before.asked());
    List<Asked> now = new ArrayList<>(left.size());
    Map<IndexHit, Reason> changed = new LinkedHashMap<>();
    Instant present = clock.instant();
    List<IndexHit> hits = planner.hits(question.wanted());
    for (IndexHit hit : withUnindexed(hits, before.pushed())) {
      List<Asked> same = left.stream().filter(a -> a.isOf(hit)).toList();
      if (same.isEmpty()) {
        changed.put(hit, Reason.CHANGED);
      } else if (!last && same.stream().anyMatch(a -> a.isOutdated(present))) {
        // Nothing has changed there: if it does not answer in time, what was kept may stand in.
        changed.put(hit, Reason.TIMEOUT);
      } else {
        left.removeAll(same);
        now.addAll(same);
      }
    }
    PushedSource.Pushed pushed = changed.isEmpty() ? before.pushed() : pushedSource.of(question);
    try (pushed) {
      changed.forEach((hit, late) -> {
        List<Asked> again =
            last ? changed(question, hit, pushed) : begin(question, hit, pushed, late);
        all.addAll(again);
        now.addAll(again);
      });
    }
    left.forEach(Asked::leave);
    return new Round(now, pushed);
  }

  /** What is held here is read in no time; a producer is not asked any more. */
  private List<Asked> changed(
      Question question, IndexHit hit, PushedSource.@Nullable Pushed pushed) {
    Asked held = pushed == null ? null : pushed.ask(hit);
    if (hit.version() == IndexHit.UNINDEXED) {
      return List.of(held == null ? Asked.nobody(hit, null, Reason.NOT_GRANTED) : held);
    }
    return switch (planner.step(question, hit)) {
      case Planner.Step.Denied(var reason) when held != null -> List.of(held);
      case Planner.Step.Denied(var reason) -> List.of(Asked.nobody(hit, null, reason));
      case Planner.Step.Ask(var call) when held != null ->
          List.of(Asked.nobody(hit, call, Reason.CHANGED), held);
      case Planner.Step.Ask(var call) -> List.of(Asked.nobody(hit, call, Reason.CHANGED));
    };
  }

  private static void awaitAll(List<Asked> asked, long deadline) {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(
            asked.stream().map(Asked::flight).toArray(CompletableFuture<?>[]::new));
    try {
      all.get(Math.max(deadline - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // What has not landed gets its outcome from Asked.outcome.
    } catch (InterruptedException e) {
      // We are being stopped: answer with what has come.
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a flight ended without landing", e.getCause());
    }
  }

  /** What is missing is told to the operator also where the consumer may not know of it. */
  private void report(Question question, List<Outcome> outcomes, boolean complete, long nanos) {
    int failed = 0;
    int cached = 0;
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case Outcome.Live live -> {
          // nothing to tell
        }
        case Outcome.Cached shown -> cached++;
        case Outcome.Stale stale -> {
          cached++;
          tell(question, stale);
        }
        case Outcome.Failed missing -> {
          failed++;
          tell(question, missing);
        }
      }
    }
    LOG.atInfo()
        .addKeyValue("event", "question.answered")
        .addKeyValue("correlationId", question.correlationId())
        .addKeyValue("contract", question.wanted().name())
        .addKeyValue("sources", outcomes.size())
        .addKeyValue("cached", cached)
        .addKeyValue("failed", failed)
        .addKeyValue("complete", complete)
        .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nanos))
        .log("question answered");
    counts.answered(question.wanted().name(), complete, nanos);
  }

  private static void tell(Question question, Outcome.Stale stale) {
    LOG.atWarn()
        .addKeyValue("event", "source.stale")
        .addKeyValue("correlationId", question.correlationId())
        .addKeyValue("producer", stale.producer().id())
        .addKeyValue("address", Redaction.redact(stale.from().value()))
        .addKeyValue("reason", stale.reason().code())
        .log("a source is told as it was");
  }

  private static void tell(Question question, Outcome.Failed failed) {
    Answering producer = failed.producer();
    LOG.atWarn()
        .addKeyValue("event", "source.failed")
        .addKeyValue("correlationId", question.correlationId())
        .addKeyValue("producer", producer == null ? "none" : producer.id())
        .addKeyValue("address", Redaction.redact(failed.from().value()))
        .addKeyValue("reason", failed.reason().code())
        .log("a source is missing in an answer");
  }
}
