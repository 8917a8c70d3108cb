package se.samflode.exchange;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import se.samflode.exchange.Leases.Lease;
import se.samflode.exchange.PullOutcome.End;

/**
 * Sees to it that each enabled source is pulled when it is time, by one node. A change of a
 * source's entry takes effect within seconds, at the next page of a run under way. Thread-safe.
 */
@Component
class Pulls implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);

  /** Until another node may go on where one has died. */
  static final Duration LEASE = Duration.ofMinutes(1);

  /** Longest time until it is seen that a run is due, and shortest until a failed one goes on. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
  private static final Duration UNTIL_STOPPED = Duration.ofSeconds(10);
  private static final int RUNS_AT_ONCE = 16;

  private final PullSources sources;
  private final Leases leases;
  private final Puller puller;
  private final PullReport report;
  private final Clock clock;
  private final Map<String, Standing> standings = new ConcurrentHashMap<>();
  private volatile @Nullable ExecutorService runs;

  Pulls(PullSources sources, Leases leases, Puller puller, PullReport report, Clock clock) {
    this.sources = sources;
    this.leases = leases;
    this.puller = puller;
    this.report = report;
    this.clock = clock;
  }

  /**
   * Where a source stands on this node.
   *
   * @param entry the entry it was last looked at with
   * @param running whether it is being looked at
   * @param domains where each of its service domains stands that has been looked at
   */
  private record Standing(PullSource entry, boolean running, Map<String, Waiting> domains) {

    List<String> due(Instant now) {
      return entry.serviceDomains().stream()
          .filter(domain -> !domains.getOrDefault(domain, Waiting.NOT).next().isAfter(now))
          .toList();
    }
  }

  /**
   * How a service domain waits: one that fails must not hold up the others.
   *
   * @param next when to look again
   * @param failures since the last success
   */
  private record Waiting(Instant next, int failures) {
    static final Waiting NOT = new Waiting(Instant.MIN, 0);
  }

  /** When the routes take calls: Camel starts after all that has a lifecycle. */
  @EventListener(ApplicationReadyEvent.class)
  void ready() {
    start();
  }

  @Override
  public boolean isAutoStartup() {
    return false;
  }

  @Override
  public void start() {
    runs = Executors.newVirtualThreadPerTaskExecutor();
  }

  /** Called first of all when the application stops: what is pulled still needs the rest. */
  @Override
  public void stop() {
    ExecutorService stopping = runs;
    runs = null;
    if (stopping == null) {
      return;
    }
    stopping.shutdownNow();
    try {
      stopping.awaitTermination(UNTIL_STOPPED.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return runs != null;
  }

  /** Starts what is due. */
  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  void startDue() {
    ExecutorService executor = runs;
    Instant now = clock.instant();
    List<PullSource> all = sources.all();
    // Whose entry has changed is looked at anew.
    standings.values().removeIf(s -> !s.running() && !all.contains(s.entry()));
    for (PullSource source : all) {
      Standing standing =
          standings.computeIfAbsent(source.id(), id -> new Standing(source, false, Map.of()));
      List<String> due = standing.due(now);
      if (executor != null && source.enabled() && !standing.running() && !due.isEmpty() && room()) {
        standings.put(source.id(), new Standing(source, true, standing.domains()));
        executor.execute(() -> look(source, due));
      }
    }
  }

  private boolean room() {
    return standings.values().stream().filter(Standing::running).count() < RUNS_AT_ONCE;
  }

  private void look(PullSource source, List<String> domains) {
    Set<String> good = Set.of();
    try {
      good = inTurn(source, domains);
    } finally {
      ended(source, domains, good);
    }
  }

  private void ended(PullSource source, List<String> looked, Set<String> good) {
    standings.computeIfPresent(
        source.id(),
        (id, before) -> {
          Map<String, Waiting> domains = new HashMap<>(before.domains());
          for (String domain : looked) {
            int failed = domains.getOrDefault(domain, Waiting.NOT).failures() + 1;
            int failures = good.contains(domain) ? 0 : failed;
            Instant next = clock.instant().plus(pause(source, failures));
            domains.put(domain, new Waiting(next, failures));
          }
          return new Standing(source, false, Map.copyOf(domains));
        });
  }

  /** Doubles with each failure. */
  private static Duration pause(PullSource source, int failures) {
    Duration first = source.interval().compareTo(LOOK_AGAIN) < 0 ? source.interval() : LOOK_AGAIN;
    Duration pause = first.multipliedBy(1L << Math.min(Math.max(failures - 1, 0), 16));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** Pulls some domains of a source unless another node does; those that did not fail. */
  private Set<String> inTurn(PullSource source, List<String> domains) {
    Optional<Lease> lease;
    try {
      lease = leases.take("pull:" + source.id(), LEASE);
    } catch (DataAccessException e) {
      domains.forEach(domain ->
          report.ended(
              source, domain, "none", PullOutcome.failed(Puller.NO_DATABASE), Duration.ZERO));
      return Set.of();
    }
    if (lease.isEmpty()) {
      return Set.copyOf(domains);
    }
    try {
      return pull(source, domains, lease.get());
    } finally {
      release(lease.get());
    }
  }

  private void release(Lease lease) {
    // Set where the application stops; with it no connection would be had.
    Thread.interrupted();
    try {
      leases.release(lease.name());
    } catch (DataAccessException e) {
      // It runs out by itself.
    }
  }

  private Set<String> pull(PullSource source, List<String> domains, Lease lease) {
    Set<String> good = new HashSet<>();
    for (String domain : domains) {
      if (!goesOn(source) || pull(source, domain, lease)) {
        good.add(domain);
      }
    }
    return good;
  }

  private boolean pull(PullSource source, String domain, Lease lease) {
    String correlationId = UUID.randomUUID().toString();
    Instant begun = clock.instant();
    PullOutcome outcome;
    try {
      outcome = puller.pull(source, domain, lease, correlationId, () -> goesOn(source));
    } catch (RuntimeException e) {
      // An error of ours, which nobody would learn of: the thread is its own.
      LOG.atError()
          .addKeyValue("event", "pull.broken")
          .addKeyValue("correlationId", correlationId)
          .addKeyValue("source", source.id())
          .addKeyValue("domain", domain)
          .addKeyValue("error", e.getClass().getName())
          .log("a pull ended in an error of ours");
      outcome = PullOutcome.failed("broken");
    }
    Duration took = Duration.between(begun, clock.instant());
    report.ended(source, domain, correlationId, outcome, took);
    return outcome.end() != End.FAILED;
  }

  private boolean goesOn(PullSource source) {
    return runs != null && sources.all().contains(source);
  }
}
