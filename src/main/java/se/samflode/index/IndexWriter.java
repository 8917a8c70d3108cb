package se.samflode.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import se.samflode.identity.LogicalAddress;

/**
 * Changes the engagement index. What a call is given is one transaction: rows, versions and entries
 * of the change feed. It is stored and visible to every reader when the call returns, and after an
 * exception nothing of it is. Every method throws {@link IndexUnavailable} if the database gives no
 * answer in time. Thread-safe. Source: engagementindex 1.0.
 */
@Component
public class IndexWriter {

  private static final Logger LOG = LoggerFactory.getLogger(IndexWriter.class);

  /**
   * Held by every change, shared, and by each chunk of a bulk load alone: a chunk writes rows
   * without raising the versions of their residents, which is what keeps changes of one row apart.
   */
  static final long BESIDE_LOADS = 7_301_936_004L;

  /**
   * Comes first, in ascending order: who changes a row has raised the two versions of its
   * addresses, so two changes of one row follow each other from here on. What two large Updates
   * share is a bucket of the feed; the versions and rows before it they write beside each other.
   */
  private static final String RAISE_VERSIONS =
      """
      WITH beside AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(:besideLoads))
      INSERT INTO version AS v (resident, service_domain, address, version, changed_at)
      SELECT n.resident, n.service_domain, n.address, 1, clock_timestamp()
        FROM beside
       CROSS JOIN unnest(:residents, :serviceDomains, :addresses)
             AS n (resident, service_domain, address)
          ON CONFLICT (service_domain, resident, address)
          DO UPDATE SET version = v.version + 1, changed_at = clock_timestamp()\
      """;

  /**
   * For a transaction that appends to the feed more than once: all its buckets in one ascending
   * order, before the first.
   */
  private static final String LOCK_BUCKETS =
      """
      SELECT count(*)
        FROM (SELECT b.bucket
                FROM feed_bucket b
               WHERE b.bucket IN (SELECT bucket_of(r) FROM unnest(:residents) AS n (r))
               ORDER BY b.bucket
                 FOR UPDATE OF b) AS locked\
      """;

  /**
   * Appends what stands in {@code told} to the feed, its bucket in the column {@code bucket}. The
   * buckets' rows are locked in ascending order, behind versions and rows, until the commit: so
   * positions are drawn in the order of commits, and no two transactions wait for each other
   * crosswise.
   */
  private static final String APPEND_TO_FEED =
      """
      locked AS MATERIALIZED (
        SELECT b.bucket
          FROM feed_bucket b
         WHERE b.bucket IN (SELECT t.bucket FROM told t)
         ORDER BY b.bucket
           FOR UPDATE OF b
      ), moved AS (
        UPDATE feed_bucket b SET position = b.position + t.entries
          FROM (SELECT bucket, count(*) AS entries FROM told GROUP BY bucket) AS t
          JOIN locked USING (bucket)
         WHERE b.bucket = t.bucket
        RETURNING b.bucket, old.position AS before
      ), placed AS (
        SELECT t.*, row_number() OVER (PARTITION BY t.bucket ORDER BY t.id) AS step FROM told t
      )
      INSERT INTO change
             (bucket, position, changed_at, deleted,
              id, resident, service_domain, categorization, logical_address,
              business_object_instance_identifier, clinical_process_interest_id,
              most_recent_content, source_system, data_controller, owner,
              creation_time, update_time)
      SELECT p.bucket, m.before + p.step, clock_timestamp(), p.deleted,
             p.id, p.resident, p.service_domain, p.categorization, p.logical_address,
             p.business_object_instance_identifier, p.clinical_process_interest_id,
             p.most_recent_content, p.source_system, p.data_controller, p.owner,
             p.creation_time, p.update_time
        FROM placed p JOIN moved m USING (bucket)\
      """;

  private static final String DELETE =
      """
      WITH gone AS (
        DELETE FROM engagement e
         USING unnest(:ids, :residents) AS n (id, resident)
         WHERE e.id = n.id AND e.resident = n.resident
        RETURNING e.id, e.creation_time
      ), told AS (
        SELECT bucket_of(n.resident) AS bucket, true AS deleted, n.*,
               coalesce(g.creation_time, clock_timestamp()) AS creation_time,
               CASE WHEN g.id IS NOT NULL THEN clock_timestamp() END AS update_time
          FROM\
      """
          + " "
          + EngagementColumns.GIVEN
          + """
                   LEFT JOIN gone g ON g.id = n.id
             WHERE :tellAll OR g.id IS NOT NULL
          ),
          """
          + APPEND_TO_FEED;

  /** What becomes of a row {@code e} that is there, when it is stored again. */
  static final String ON_CONFLICT =
      """
      ON CONFLICT (id, resident)
      DO UPDATE SET most_recent_content = EXCLUDED.most_recent_content,
                    update_time = clock_timestamp()
         WHERE e.most_recent_content IS DISTINCT FROM EXCLUDED.most_recent_content
           AND (e.service_domain = ANY (:overwritingDomains)
                OR e.most_recent_content IS NULL
                OR EXCLUDED.most_recent_content > e.most_recent_content)
      """;

  private static final String SAVE = save(ON_CONFLICT);

  /** Becomes later whatever is given: else it would be no change to who is told of it. */
  private static final String RENEW =
      save(
          """
          ON CONFLICT (id, resident)
          DO UPDATE SET most_recent_content =
                          least(greatest(EXCLUDED.most_recent_content,
                                         e.most_recent_content + interval '1 second'),
                                timestamp '9999-12-31 23:59:59'),
                        update_time = clock_timestamp()
          """);

  private static String save(String onConflict) {
    return """
    WITH saved AS (
      INSERT INTO engagement AS e
             (id, resident, service_domain, categorization, logical_address,
              business_object_instance_identifier, clinical_process_interest_id,
              most_recent_content, source_system, data_controller, owner, creation_time)
      SELECT n.*, clock_timestamp()
        FROM\
    """
        + " "
        + EngagementColumns.GIVEN
        + onConflict
        + """
          RETURNING e.*
        ), told AS (
          SELECT bucket_of(s.resident) AS bucket, false AS deleted, s.* FROM saved s
        ),
        """
        + APPEND_TO_FEED;
  }

  private static final String OF_SOURCE =
      "SELECT "
          + EngagementColumns.SELECTED
          + """
            FROM unnest(:residents) AS n (resident) JOIN engagement e USING (resident)
           WHERE e.service_domain = :serviceDomain
             AND e.source_system = :sourceSystem
             AND e.owner = :owner\
          """;

  private final IndexSettings settings;
  private final IndexDatabase database;

  IndexWriter(IndexSettings settings, IndexDatabase database) {
    this.settings = settings;
    this.database = database;
  }

  /**
   * Stores what a source system has sent. Whether an older or absent {@code mostRecentContent}
   * overwrites is set per service domain. Raises by one the version of every resident, domain and
   * address that is named, whether or not a row became another; the feed tells changes, and every
   * deletion.
   *
   * @param transactions 1 to 1,000, free of faults by {@link UpdateRules}; all become our own. Of
   *     two with one key the last counts
   */
  public void update(List<EngagementTransaction> transactions) {
    Map<EngagementKey, EngagementTransaction> byKey = byKey(transactions, settings.hsaId());
    database.inTransaction(
        "update",
        () -> {
          raiseVersions(byKey.values());
          lockBucketsOfMixed(byKey.values());
          apply(byKey, true);
          return true;
        });
  }

  /**
   * Stores that sources have something new. As {@link #update}, but each is a change: where a row's
   * {@code mostRecentContent} is not earlier than the one given, it becomes a second later than it
   * was.
   *
   * @param engagements 1 to 1,000, free of faults by {@link UpdateRules}, with a time; all become
   *     our own
   */
  public void renew(List<Engagement> engagements) {
    Map<EngagementKey, EngagementTransaction> byKey =
        byKey(
            engagements.stream().map(e -> new EngagementTransaction(false, e)).toList(),
            settings.hsaId());
    Map<EngagementKey, Engagement> renewed = new LinkedHashMap<>();
    byKey.forEach((key, t) -> renewed.put(key, t.engagement()));
    database.inTransaction(
        "update",
        () -> {
          raiseVersions(byKey.values());
          return EngagementColumns.params(database.changes().sql(RENEW), renewed).update();
        });
  }

  /**
   * Stores what another index tells. Transactions that are our own are dropped, so that nothing
   * goes round in circles (rule R4); a row of ours that another owner now tells of is taken over
   * (rule R5). The feed tells changes only, deletions included.
   *
   * @param transactions 1 to 1,000, free of faults by {@link UpdateRules}; they keep their owners
   */
  public void receive(List<EngagementTransaction> transactions) {
    Map<EngagementKey, EngagementTransaction> byKey =
        byKey(
            transactions.stream()
                .filter(t -> !t.engagement().owner().equals(settings.hsaId()))
                .toList(),
            null);
    if (byKey.isEmpty()) {
      return;
    }
    Map<EngagementKey, Engagement> ours = new LinkedHashMap<>();
    for (EngagementTransaction t : byKey.values()) {
      if (!t.delete()) {
        Engagement our = t.engagement().ownedBy(settings.hsaId());
        ours.put(EngagementKey.of(our), our);
      }
    }
    int takenOver =
        database.inTransaction(
            "notification",
            () -> {
              raiseVersions(byKey.values());
              // What is taken over is appended to the feed before the rest.
              if (!ours.isEmpty()) {
                lockBuckets(byKey.values());
              }
              int gone = delete(ours, false);
              apply(byKey, false);
              return gone;
            });
    if (takenOver > 0) {
      LOG.atWarn()
          .addKeyValue("event", "index.taken-over")
          .addKeyValue("engagements", takenOver)
          .log("another index owns now what was ours");
    }
  }

  /**
   * Makes the index agree with what one source system says that it has of some residents: what is
   * new is added, what is missing is deleted. Versions are raised and changes told as by {@link
   * #update}.
   *
   * @param residents those that the source has told about, with or without engagements
   * @param engagements all that it has of them in the domain; free of faults by {@link
   *     UpdateRules}, of that domain, source system and those residents
   */
  public void replace(
      Set<String> residents,
      String serviceDomain,
      String sourceSystem,
      List<Engagement> engagements) {
    Map<EngagementKey, EngagementTransaction> told =
        byKey(
            engagements.stream().map(e -> new EngagementTransaction(false, e)).toList(),
            settings.hsaId());
    database.inTransaction(
        "replace",
        () -> {
          Map<EngagementKey, EngagementTransaction> all = new LinkedHashMap<>(told);
          for (Engagement known : ofSource(residents, serviceDomain, sourceSystem)) {
            all.putIfAbsent(EngagementKey.of(known), new EngagementTransaction(true, known));
          }
          // What the source itself adds between the reading of rows and this stays.
          raiseVersions(all.values());
          lockBucketsOfMixed(all.values());
          apply(all, true);
          return true;
        });
  }

  private List<Engagement> ofSource(
      Set<String> residents, String serviceDomain, String sourceSystem) {
    return database
        .changes()
        .sql(OF_SOURCE)
        .param("residents", EngagementColumns.texts(residents, r -> r))
        .param("serviceDomain", serviceDomain)
        .param("sourceSystem", sourceSystem)
        .param("owner", settings.hsaId())
        .query(EngagementColumns::engagement)
        .list();
  }

  /** The transactions by key, with the owner given; with their own where it is null. */
  private static Map<EngagementKey, EngagementTransaction> byKey(
      List<EngagementTransaction> transactions, @Nullable String owner) {
    Map<EngagementKey, EngagementTransaction> byKey =
        LinkedHashMap.newLinkedHashMap(transactions.size());
    for (EngagementTransaction t : transactions) {
      Engagement owned = owner == null ? t.engagement() : t.engagement().ownedBy(owner);
      byKey.put(EngagementKey.of(owned), new EngagementTransaction(t.delete(), owned));
    }
    return byKey;
  }

  /** Who only adds, or only deletes, appends to the feed once, and locks as it does. */
  private void lockBucketsOfMixed(Collection<EngagementTransaction> transactions) {
    if (transactions.stream().map(EngagementTransaction::delete).distinct().count() > 1) {
      lockBuckets(transactions);
    }
  }

  private void lockBuckets(Collection<EngagementTransaction> transactions) {
    Set<String> residents = new HashSet<>();
    transactions.forEach(t -> residents.add(t.engagement().resident()));
    database
        .changes()
        .sql(LOCK_BUCKETS)
        .param("residents", EngagementColumns.texts(residents, r -> r))
        .query(Integer.class)
        .single();
  }

  private void apply(Map<EngagementKey, EngagementTransaction> byKey, boolean tellAllDeletions) {
    Map<EngagementKey, Engagement> gone = new LinkedHashMap<>();
    Map<EngagementKey, Engagement> kept = new LinkedHashMap<>();
    byKey.forEach((key, t) -> (t.delete() ? gone : kept).put(key, t.engagement()));
    delete(gone, tellAllDeletions);
    if (!kept.isEmpty()) {
      EngagementColumns.params(database.changes().sql(SAVE), kept)
          .param(
              "overwritingDomains",
              new SqlArrayValue("text", settings.overwritingDomains().toArray()))
          .update();
    }
  }

  /** How many deletions were told. */
  private int delete(Map<EngagementKey, Engagement> gone, boolean tellAll) {
    return gone.isEmpty()
        ? 0
        : EngagementColumns.params(database.changes().sql(DELETE), gone)
            .param("tellAll", tellAll)
            .update();
  }

  private void raiseVersions(Collection<EngagementTransaction> transactions) {
    SortedSet<VersionKey> named = new TreeSet<>();
    for (EngagementTransaction t : transactions) {
      named.add(VersionKey.of(t.engagement(), t.engagement().logicalAddress()));
      named.add(VersionKey.of(t.engagement(), t.engagement().sourceSystem()));
    }
    List<VersionKey> keys = new ArrayList<>(named);
    database
        .changes()
        .sql(RAISE_VERSIONS)
        .param("besideLoads", BESIDE_LOADS)
        .param("residents", EngagementColumns.texts(keys, VersionKey::resident))
        .param("serviceDomains", EngagementColumns.texts(keys, VersionKey::serviceDomain))
        .param("addresses", EngagementColumns.texts(keys, VersionKey::address))
        .update();
  }

  private record VersionKey(String resident, String serviceDomain, String address)
      implements Comparable<VersionKey> {

    private static final Comparator<VersionKey> ASCENDING =
        Comparator.comparing(VersionKey::serviceDomain)
            .thenComparing(VersionKey::resident)
            .thenComparing(VersionKey::address);

    static VersionKey of(Engagement engagement, String address) {
      return new VersionKey(
          engagement.resident(), engagement.serviceDomain(), new LogicalAddress(address).folded());
    }

    @Override
    public int compareTo(VersionKey other) {
      return ASCENDING.compare(this, other);
    }

    @Override
    public String toString() {
      return "VersionKey[redacted]";
    }
  }
}
