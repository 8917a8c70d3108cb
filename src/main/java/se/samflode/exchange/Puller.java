package se.samflode.exchange;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import se.samflode.exchange.Leases.Lease;
import se.samflode.exchange.PullOutcome.End;
import se.samflode.index.IndexUnavailable;
import se.samflode.index.UpdateRules;

/**
 * Asks a source system for its changes in a service domain, page by page, and stores them. A run
 * that does not come to its end is gone on with at its page, on this node or another, after a
 * restart too. Thread-safe.
 */
@Component
class Puller {

  private static final Logger LOG = LoggerFactory.getLogger(Puller.class);

  /** The reason where the database gives no answer. */
  static final String NO_DATABASE = "index-unavailable";

  private static final String ROUTE = "pull-updates";

  private final PullSettings settings;
  private final PullState state;
  private final PulledStore store;
  private final SoapCalls calls;
  private final UpdateRules rules;

  Puller(
      PullSettings settings,
      PullState state,
      PulledStore store,
      SoapCalls calls,
      UpdateRules rules) {
    this.settings = settings;
    this.state = state;
    this.store = store;
    this.calls = calls;
    this.rules = rules;
  }

  /**
   * Makes a run if it is time for one. Never throws for what the source does, nor if the database
   * gives no answer.
   *
   * @param lease the lease under which it runs
   * @param goesOn asked before each page; the run ends when it says no
   */
  PullOutcome pull(
      PullSource source,
      String serviceDomain,
      Lease lease,
      String correlationId,
      BooleanSupplier goesOn) {
    try {
      Optional<PullState.Run> due = state.begin(source.id(), serviceDomain, source.interval());
      return due.isEmpty()
          ? PullOutcome.NOT_DUE
          : new OneRun(source, serviceDomain, lease, correlationId, due.get()).pages(goesOn);
    } catch (IndexUnavailable e) {
      // A stop interrupts it: that is no failure of the database.
      if (goesOn.getAsBoolean()) {
        e.log(LOG, correlationId);
      }
    } catch (DataAccessException e) {
      // The text of a database's error can hold values: the reason must do.
    }
    return PullOutcome.failed(NO_DATABASE);
  }

  /** One run, for one thread. */
  private final class OneRun {

    private final PullSource source;
    private final String serviceDomain;
    private final Lease lease;
    private final String correlationId;
    private final PullState.Run run;
    private final Set<String> lastResidents = new HashSet<>();
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private @Nullable String lastResident;
    private int pages;
    private long residents;

    OneRun(
        PullSource source,
        String serviceDomain,
        Lease lease,
        String correlationId,
        PullState.Run run) {
      this.source = source;
      this.serviceDomain = serviceDomain;
      this.lease = lease;
      this.correlationId = correlationId;
      this.run = run;
      this.lastResident = run.lastResident();
      if (lastResident != null) {
        lastResidents.add(lastResident);
      }
    }

    PullOutcome pages(BooleanSupplier goesOn) {
      while (goesOn.getAsBoolean() && store.keeps(lease)) {
        if (pages == settings.maxPages()) {
          return ended(End.FAILED, "too-many-pages");
        }
        switch (ask()) {
          case SoapResult.Failed<PulledPage>(var reason) -> {
            return goesOn.getAsBoolean()
                ? ended(End.FAILED, reason.code())
                : ended(End.STOPPED, null);
          }
          case SoapResult.Answered<PulledPage>(PulledPage page) -> {
            PullOutcome outcome = take(page);
            if (outcome != null) {
              return outcome;
            }
          }
        }
      }
      return ended(End.STOPPED, null);
    }

    private SoapResult<PulledPage> ask() {
      Instant last = run.lastSuccess();
      Instant since = last == null ? null : last.minus(source.overlap());
      return calls.call(
          new SoapCall(
              ROUTE,
              source.url(),
              source.sslBundle(),
              source.logicalAddress(),
              correlationId,
              PulledPage.request(serviceDomain, since, lastResident)),
          PulledPage::read);
    }

    /** Stores a page; the outcome if it is the last one, null if another follows. */
    private @Nullable PullOutcome take(PulledPage page) {
      PulledContent content = PulledContent.of(page, rules, source.sourceSystem(), serviceDomain);
      content.leftOut().forEach((rule, count) -> leftOut.merge(rule, count, Integer::sum));
      if (!store.store(lease, source, serviceDomain, content)) {
        return ended(End.STOPPED, null);
      }
      pages++;
      residents += content.residents();
      if (page.complete()) {
        boolean ours = store.inTurn(lease, () -> state.complete(source.id(), serviceDomain));
        return ended(ours ? End.COMPLETED : End.STOPPED, null);
      }
      return advance(page);
    }

    private @Nullable PullOutcome advance(PulledPage page) {
      String last = page.told().isEmpty() ? "" : page.told().getLast().resident();
      // As the source wrote it, also where it can be no resident of ours: it knows it again.
      boolean progress = !last.isEmpty() && lastResidents.add(last);
      lastResident = progress ? last : null;
      // Where pages go round in a circle, the next run begins from the start.
      boolean ours =
          store.inTurn(lease, () -> state.advance(source.id(), serviceDomain, lastResident));
      if (!ours) {
        return ended(End.STOPPED, null);
      }
      return progress ? null : ended(End.FAILED, "no-progress");
    }

    private PullOutcome ended(End end, @Nullable String reason) {
      return new PullOutcome(end, reason, pages, residents, leftOut);
    }
  }
}
