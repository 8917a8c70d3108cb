package se.samflode.federation;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import se.samflode.access.Senders;
import se.samflode.config.ByteBudget;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.Reason;
import se.samflode.contract.RequestBody;
import se.samflode.contract.SourceFailed;
import se.samflode.contract.Validation;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;
import se.samflode.index.EngagementIndex;
import se.samflode.index.IndexHit;
import se.samflode.index.IndexUnavailable;
import se.samflode.lab.PushedFilter;
import se.samflode.lab.PushedResults;
import se.samflode.producer.AnswerBody;
import se.samflode.readmodel.Readers;
import tools.jackson.databind.json.JsonMapper;

/**
 * What laboratories have pushed, as one more source: read from the database for every question, so
 * that it is always live. Thread-safe.
 */
@Component
final class PushedSource {

  /** Of one answer: what is held is 16 MB at most, and as XML it is longer. */
  private static final long MOST_BYTES = 64 * 1024 * 1024L;

  private final PushedResults results;
  private final Senders senders;
  private final Planner planner;
  private final Contracts contracts;
  private final EngagementIndex index;
  private final JsonMapper json;
  private final ByteBudget budget;
  private final MeterRegistry metrics;
  private final Clock clock;

  PushedSource(
      PushedResults results,
      Senders senders,
      Planner planner,
      Contracts contracts,
      EngagementIndex index,
      JsonMapper json,
      ByteBudget budget,
      MeterRegistry metrics,
      Clock clock) {
    this.results = results;
    this.senders = senders;
    this.planner = planner;
    this.contracts = contracts;
    this.index = index;
    this.json = json;
    this.budget = budget;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * What is held for a question, as it stands now, to be closed; {@code null} if it is of a kind
   * that nobody pushes.
   *
   * @throws IndexUnavailable if the database gives no answer in time
   */
  @Nullable Pushed of(Question question) {
    return question.wanted().contracts().stream().anyMatch(PushedResults::concern)
        ? new Pushed(question, results.of(question.wanted().resident()))
        : null;
  }

  /**
   * What is held for one question. Once it is closed it cannot be asked any more. For one thread.
   */
  final class Pushed implements AutoCloseable {

    private final Question question;
    private final PushedResults.OfResident held;

    private Pushed(Question question, PushedResults.OfResident held) {
      this.question = question;
      this.held = held;
    }

    /**
     * What is held of the source system at an address; {@code null} where nobody pushes for it, or
     * the asker may not ask it.
     */
    @Nullable Asked ask(IndexHit hit) {
      LogicalAddress address = hit.address();
      Optional<Senders.Pushing> pushing = senders.pushing(address);
      if (pushing.isEmpty() && !held.sourceSystems().contains(address)) {
        return null;
      }
      Contract contract =
          planner
              .granted(question, address)
              .filter(PushedResults::concern)
              .findFirst()
              .orElse(null);
      if (contract == null) {
        return null;
      }
      // What was pushed stays, also when its sender is not listed any more.
      Answering sender =
          pushing
              .map(found -> Answering.of(found.sender(), found.sourceSystem()))
              .orElseGet(() -> new Answering("pushed", address.value()));
      return Asked.held(hit, sender, contract.name(), landing(hit, contract, sender));
    }

    /**
     * What is held and the index does not name, since somebody has taken its engagement away: a
     * record that its lab was told to be stored is shown all the same.
     *
     * @param hits those of the index
     */
    List<IndexHit> unindexed(List<IndexHit> hits) {
      Set<String> only = question.wanted().only().sourceSystems();
      List<IndexHit> unindexed = new ArrayList<>(0);
      for (LogicalAddress source : held.sourceSystems()) {
        if (!only.isEmpty() && only.stream().noneMatch(source.value()::equalsIgnoreCase)) {
          continue;
        }
        for (PersonId identity : held.identities(source)) {
          if (hits.stream()
              .noneMatch(hit -> hit.address().equals(source) && hit.person().equals(identity))) {
            unindexed.add(
                new IndexHit(
                    identity, source, Set.of(source), IndexHit.UNINDEXED, Duration.ofDays(1)));
          }
        }
      }
      return unindexed;
    }

    private Landing landing(IndexHit hit, Contract contract, Answering sender) {
      ItemsOfFragment items =
          new ItemsOfFragment(
              question, contract, hit, sender.id(), Validation.OFF, index, planner, json, metrics);
      Reason missed = held.missed(hit.address());
      if (missed != null) {
        return new Landing.Missed(missed);
      }
      byte[] answer = held.answer(contract, hit.address(), hit.person(), filter(hit));
      AnswerBody body = new AnswerBody(new ByteArrayInputStream(answer), MOST_BYTES, budget);
      AnswerBody.Kept kept;
      try {
        contracts
            .reader(contract)
            .read(
                body,
                StandardCharsets.UTF_8,
                items.validated(),
                (item, original) -> body.keep(items.take(item, original)));
        kept = body.handOver();
      } catch (AnswerBody.Exceeded e) {
        return new Landing.Missed(e.reason());
      } catch (SourceFailed e) {
        return new Landing.Missed(e.reason());
      } catch (IOException e) {
        return new Landing.Missed(Reason.INTERNAL);
      } finally {
        body.release();
      }
      items.report();
      Fragment fragment =
          new Fragment(
              hit.version(),
              clock.instant().truncatedTo(ChronoUnit.MILLIS),
              null,
              items.items(),
              items.rejected(),
              List.of(),
              List.of());
      return new Landing.Fetched(fragment, new Hold(List.of(kept)));
    }

    /** Gives back the memory of what was read. */
    @Override
    public void close() {
      held.close();
    }

    /** What a consumer limits his question to and producers look at themselves. */
    private PushedFilter filter(IndexHit hit) {
      RequestBody request = question.wanted().request();
      return request == null
          ? PushedFilter.EVERYTHING
          : PushedFilter.of(request.filledIn(hit.address(), hit.person(), null));
    }

    /** The ids of items of which what is held counts, whoever else has them. */
    Set<String> ids() {
      return held.records().stream()
          .map(record -> Readers.recordId(record.sourceSystem(), record.recordId()))
          .collect(Collectors.toSet());
    }
  }
}
