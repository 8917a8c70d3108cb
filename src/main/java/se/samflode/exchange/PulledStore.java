package se.samflode.exchange;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;
import se.samflode.exchange.Leases.Lease;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementTransaction;
import se.samflode.index.IndexDatabase;
import se.samflode.index.IndexWriter;

/**
 * Stores what has been pulled, in transactions that first see whether the lease is still ours: a
 * node that was stalled must not write an old page over a newer one. Every method throws
 * IndexUnavailable or Spring's exceptions if the database gives no answer. Thread-safe.
 */
@Component
class PulledStore {

  /** Most engagements of a transaction that are told of more than one resident. */
  static final int ENGAGEMENTS = 1000;

  /** Most residents of a transaction: they may have none left, and many rows to delete. */
  private static final int RESIDENTS = 200;

  private final IndexDatabase database;
  private final IndexWriter index;
  private final Leases leases;

  /** Of the few connections to the database most are left to those who wait for an answer. */
  private final Semaphore atOnce = new Semaphore(2);

  PulledStore(IndexDatabase database, IndexWriter index, Leases leases) {
    this.database = database;
    this.index = index;
    this.leases = leases;
  }

  /** Makes the lease last for the next page; false if it has gone to another node. */
  boolean keeps(Lease lease) {
    return leases.take(lease.name(), Pulls.LEASE).equals(Optional.of(lease));
  }

  /**
   * Stores a page's content in as many transactions as it takes; no resident is split.
   *
   * @return false if the lease has gone to another node, which then stores the page
   */
  boolean store(Lease lease, PullSource source, String serviceDomain, PulledContent content) {
    Map<String, List<Engagement>> chunk = new LinkedHashMap<>();
    int engagements = 0;
    for (Map.Entry<String, List<Engagement>> told : content.whole().entrySet()) {
      int more = told.getValue().size();
      boolean full = engagements + more > ENGAGEMENTS || chunk.size() == RESIDENTS;
      if (full && !chunk.isEmpty()) {
        if (!replace(lease, source, serviceDomain, chunk)) {
          return false;
        }
        chunk.clear();
        engagements = 0;
      }
      chunk.put(told.getKey(), told.getValue());
      engagements += more;
    }
    return (chunk.isEmpty() || replace(lease, source, serviceDomain, chunk))
        && add(lease, content.partly());
  }

  private boolean replace(
      Lease lease,
      PullSource source,
      String serviceDomain,
      Map<String, List<Engagement>> engagementsByResident) {
    Set<String> residents = new HashSet<>(engagementsByResident.keySet());
    List<Engagement> engagements = new ArrayList<>();
    engagementsByResident.values().forEach(engagements::addAll);
    return inTurn(
        lease, () -> index.replace(residents, serviceDomain, source.sourceSystem(), engagements));
  }

  private boolean add(Lease lease, List<Engagement> engagements) {
    for (int from = 0; from < engagements.size(); from += ENGAGEMENTS) {
      List<EngagementTransaction> some =
          engagements.subList(from, Math.min(from + ENGAGEMENTS, engagements.size())).stream()
              .map(engagement -> new EngagementTransaction(false, engagement))
              .toList();
      if (!inTurn(lease, () -> index.update(some))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Does work in one transaction unless the lease has gone to another node.
   *
   * @return whether it was done
   */
  boolean inTurn(Lease lease, Runnable work) {
    atOnce.acquireUninterruptibly();
    try {
      return database.inTransaction("pull", () -> leases.whileHeld(lease, work));
    } finally {
      atOnce.release();
    }
  }
}
