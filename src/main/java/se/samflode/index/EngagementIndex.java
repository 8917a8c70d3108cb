package se.samflode.index;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import se.samflode.contract.CalledAddress;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/**
 * The engagement index: who has content about a resident, and how often that has changed. Every
 * method throws {@link IndexUnavailable} if the database gives no answer in time. Thread-safe.
 * Source: engagementindex 1.0, sections b.4 and b.7.
 */
@Component
public class EngagementIndex {

  /** Largest answer of {@link #find}, engagements. */
  private static final int MAX_FOUND = 100_000;

  private static final Duration UPDATE_TIME = Duration.ofSeconds(10);
  private static final Duration FIND_TIME = Duration.ofSeconds(5);
  private static final Duration LOOK_UP_TIME = Duration.ofSeconds(2);

  /**
   * Also the lock of an update, taken first and in order: two updates that touch one engagement
   * touch the version of its logical address too, so they follow each other here and can never wait
   * for each other crosswise.
   */
  private static final String RAISE_VERSIONS =
      """
      INSERT INTO version AS v (resident, service_domain, address, version, changed_at)
      SELECT n.resident, n.service_domain, n.address, 1, clock_timestamp()
        FROM unnest(:residents, :serviceDomains, :addresses)
             AS n (resident, service_domain, address)
       ORDER BY n.resident COLLATE "C", n.service_domain COLLATE "C", n.address COLLATE "C"
          ON CONFLICT (resident, service_domain, address)
          DO UPDATE SET version = v.version + 1, changed_at = clock_timestamp()\
      """;

  private static final String DELETE =
      """
      DELETE FROM engagement WHERE id = ANY (:ids)\
      """;

  private static final String SAVE =
      """
      INSERT INTO engagement AS e
             (id, resident, service_domain, categorization, logical_address,
              business_object_instance_identifier, clinical_process_interest_id,
              most_recent_content, source_system, data_controller, owner, creation_time)
      SELECT n.id, n.resident, n.service_domain, n.categorization, n.logical_address,
             n.business_object, n.clinical_process,
             CAST(n.most_recent_content AS timestamp), n.source_system, n.data_controller, n.owner,
             clock_timestamp()
        FROM unnest(:ids, :residents, :serviceDomains, :categorizations, :logicalAddresses,
                    :businessObjects, :clinicalProcesses,
                    :mostRecentContents, :sourceSystems, :dataControllers, :owners)
             AS n (id, resident, service_domain, categorization, logical_address,
                   business_object, clinical_process,
                   most_recent_content, source_system, data_controller, owner)
          ON CONFLICT (id)
          DO UPDATE SET most_recent_content = EXCLUDED.most_recent_content,
                        update_time = clock_timestamp()
             WHERE e.most_recent_content IS DISTINCT FROM EXCLUDED.most_recent_content\
      """;

  private static final String FIND =
      """
      SELECT resident, service_domain, categorization, logical_address,
             business_object_instance_identifier, clinical_process_interest_id,
             to_char(most_recent_content, 'YYYYMMDDHH24MISS') AS most_recent_content,
             source_system,
             to_char(creation_time AT TIME ZONE 'Europe/Stockholm', 'YYYYMMDDHH24MISS')
               AS creation_time,
             to_char(update_time AT TIME ZONE 'Europe/Stockholm', 'YYYYMMDDHH24MISS')
               AS update_time,
             data_controller, owner
        FROM engagement
       WHERE resident = :resident
         AND service_domain = :serviceDomain
         AND (CAST(:categorization AS text) IS NULL OR categorization = :categorization)
         AND (CAST(:logicalAddress AS text) IS NULL OR logical_address = :logicalAddress)
         AND (CAST(:businessObject AS text) IS NULL
              OR business_object_instance_identifier = :businessObject)
         AND (CAST(:clinicalProcess AS text) IS NULL
              OR clinical_process_interest_id = :clinicalProcess)
         AND (CAST(:since AS timestamp) IS NULL OR most_recent_content >= :since)
         AND (CAST(:sourceSystem AS text) IS NULL OR source_system = :sourceSystem)
         AND (CAST(:dataController AS text) IS NULL OR data_controller = :dataController)
         AND (CAST(:owner AS text) IS NULL OR owner = :owner)
       LIMIT :limit\
      """;

  /**
   * Addresses and versions from one snapshot. They are joined by us: only we fold an address as the
   * versions are keyed.
   */
  private static final String WHAT_TO_ASK =
      """
      SELECT DISTINCT
             CASE WHEN :sourceSystem THEN source_system ELSE logical_address END AS address,
             CAST(NULL AS bigint) AS version, CAST(NULL AS timestamptz) AS changed_at
        FROM engagement
       WHERE resident = :resident
         AND service_domain = :serviceDomain
         AND (cardinality(CAST(:categorizations AS text[])) = 0
              OR categorization = ANY (:categorizations))
       UNION ALL
      SELECT address, version, changed_at
        FROM version
       WHERE resident = :resident
         AND service_domain = :serviceDomain\
      """;

  private final IndexSettings settings;
  private final TransactionTemplate transaction;
  private final JdbcClient updates;
  private final JdbcClient finds;
  private final JdbcClient lookUps;

  EngagementIndex(
      IndexSettings settings, DataSource dataSource, PlatformTransactionManager transactions) {
    this.settings = settings;
    this.transaction = new TransactionTemplate(transactions);
    this.transaction.setTimeout((int) UPDATE_TIME.toSeconds());
    this.updates = client(dataSource, UPDATE_TIME);
    this.finds = client(dataSource, FIND_TIME);
    this.lookUps = client(dataSource, LOOK_UP_TIME);
  }

  /**
   * Stores a request as a whole; it is visible to every reader when this returns, and after an
   * exception nothing of it is. Overwrites: of concurrent updates, the one committed last stays.
   * Raises by one the version of every resident, domain and address that the request names, whether
   * or not a row became another.
   *
   * @param transactions 1 to 1,000, free of faults by {@link UpdateRules}; all become our own
   */
  public void update(List<EngagementTransaction> transactions) {
    Map<EngagementKey, EngagementTransaction> byKey =
        LinkedHashMap.newLinkedHashMap(transactions.size());
    for (EngagementTransaction t : transactions) {
      Engagement own = t.engagement().ownedBy(settings.hsaId());
      byKey.put(EngagementKey.of(own), new EngagementTransaction(t.delete(), own));
    }
    answered(
        "update",
        () -> {
          transaction.executeWithoutResult(status -> {
            raiseVersions(byKey.values());
            delete(byKey);
            save(byKey);
          });
          return true;
        });
  }

  private void raiseVersions(Iterable<EngagementTransaction> transactions) {
    Set<VersionKey> named = new LinkedHashSet<>();
    for (EngagementTransaction t : transactions) {
      named.add(VersionKey.of(t.engagement(), t.engagement().logicalAddress()));
      named.add(VersionKey.of(t.engagement(), t.engagement().sourceSystem()));
    }
    List<VersionKey> keys = List.copyOf(named);
    updates
        .sql(RAISE_VERSIONS)
        .param("residents", texts(keys, VersionKey::resident))
        .param("serviceDomains", texts(keys, VersionKey::serviceDomain))
        .param("addresses", texts(keys, VersionKey::address))
        .update();
  }

  private void delete(Map<EngagementKey, EngagementTransaction> byKey) {
    List<EngagementKey> gone = new ArrayList<>();
    byKey.forEach((key, t) -> {
      if (t.delete()) {
        gone.add(key);
      }
    });
    if (!gone.isEmpty()) {
      updates.sql(DELETE).param("ids", ids(gone)).update();
    }
  }

  private void save(Map<EngagementKey, EngagementTransaction> byKey) {
    List<EngagementKey> keys = new ArrayList<>();
    List<Engagement> kept = new ArrayList<>();
    byKey.forEach((key, t) -> {
      if (!t.delete()) {
        keys.add(key);
        kept.add(t.engagement());
      }
    });
    if (kept.isEmpty()) {
      return;
    }
    updates
        .sql(SAVE)
        .param("ids", ids(keys))
        .param("residents", texts(kept, Engagement::resident))
        .param("serviceDomains", texts(kept, Engagement::serviceDomain))
        .param("categorizations", texts(kept, Engagement::categorization))
        .param("logicalAddresses", texts(kept, Engagement::logicalAddress))
        .param("businessObjects", texts(kept, Engagement::businessObjectInstanceIdentifier))
        .param("clinicalProcesses", texts(kept, Engagement::clinicalProcessInterestId))
        .param("mostRecentContents", texts(kept, EngagementIndex::isoTime))
        .param("sourceSystems", texts(kept, Engagement::sourceSystem))
        .param("dataControllers", texts(kept, Engagement::dataController))
        .param("owners", texts(kept, Engagement::owner))
        .update();
  }

  /**
   * The engagements that match, in no order, with the times the index gave them.
   *
   * @param query free of faults by {@link FindContentQuery#fault}
   * @throws IllegalStateException if more than 100,000 match: an answer is whole or none
   */
  public List<Engagement> find(FindContentQuery query) {
    List<Engagement> found =
        answered(
            "find",
            () ->
                finds
                    .sql(FIND)
                    .param("resident", query.resident())
                    .param("serviceDomain", query.serviceDomain())
                    .param("categorization", query.categorization())
                    .param("logicalAddress", query.logicalAddress())
                    .param("businessObject", query.businessObjectInstanceIdentifier())
                    .param("clinicalProcess", query.clinicalProcessInterestId())
                    .param("since", ContractTime.parse(query.mostRecentContent()))
                    .param("sourceSystem", query.sourceSystem())
                    .param("dataController", query.dataController())
                    .param("owner", query.owner())
                    .param("limit", MAX_FOUND + 1)
                    .query(Engagement.class)
                    .list());
    if (found.size() > MAX_FOUND) {
      throw new IllegalStateException("more than " + MAX_FOUND + " engagements match");
    }
    return found;
  }

  /**
   * The addresses to ask about a resident, each once, with the version it has now. Addresses that
   * differ in case only are one.
   *
   * @param categorizations those to look for, compared exactly; empty means all
   * @param called which field of an engagement the contract calls
   */
  public List<IndexHit> whatToAsk(
      PersonId person, String serviceDomain, Set<String> categorizations, CalledAddress called) {
    List<Row> rows =
        answered(
            "look-up",
            () ->
                lookUps
                    .sql(WHAT_TO_ASK)
                    .param("resident", person.value())
                    .param("serviceDomain", serviceDomain)
                    .param("sourceSystem", called == CalledAddress.SOURCE_SYSTEM)
                    .param("categorizations", new SqlArrayValue("text", categorizations.toArray()))
                    .query((row, number) ->
                        new Row(
                            row.getString("address"),
                            row.getObject("version", Long.class),
                            row.getTimestamp("changed_at")))
                    .list());
    return hits(person, rows);
  }

  private static List<IndexHit> hits(PersonId person, List<Row> rows) {
    Map<String, Row> versions = new HashMap<>();
    Map<String, LogicalAddress> addresses = new LinkedHashMap<>();
    for (Row row : rows) {
      if (row.version() == null) {
        LogicalAddress address = new LogicalAddress(row.address());
        addresses.merge(
            address.folded(), address, (a, b) -> a.value().compareTo(b.value()) <= 0 ? a : b);
      } else {
        versions.put(row.address(), row);
      }
    }
    List<IndexHit> hits = new ArrayList<>(addresses.size());
    addresses.forEach((folded, address) -> hits.add(hit(person, address, versions.get(folded))));
    return List.copyOf(hits);
  }

  private static IndexHit hit(PersonId person, LogicalAddress address, @Nullable Row row) {
    if (row == null || row.version() == null || row.changedAt() == null) {
      throw new IllegalStateException("an engagement without a version");
    }
    return new IndexHit(person, address, row.version(), row.changedAt().toInstant());
  }

  private static <T> T answered(String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (DataAccessException | TransactionException e) {
      throw new IndexUnavailable(what, NestedExceptionUtils.getMostSpecificCause(e));
    }
  }

  private static JdbcClient client(DataSource dataSource, Duration limit) {
    JdbcTemplate template = new JdbcTemplate(dataSource);
    template.setQueryTimeout((int) limit.toSeconds());
    return JdbcClient.create(template);
  }

  private static SqlArrayValue ids(List<EngagementKey> keys) {
    return new SqlArrayValue(
        "bytea", (Object[]) keys.stream().map(EngagementKey::bytes).toArray(byte[][]::new));
  }

  private static <T> SqlArrayValue texts(List<T> of, Function<T, @Nullable String> field) {
    return new SqlArrayValue("text", of.stream().map(field).toArray());
  }

  private static @Nullable String isoTime(Engagement engagement) {
    LocalDateTime time = ContractTime.parse(engagement.mostRecentContent());
    return time == null ? null : time.toString();
  }

  private record VersionKey(String resident, String serviceDomain, String address) {

    static VersionKey of(Engagement engagement, String address) {
      return new VersionKey(
          engagement.resident(), engagement.serviceDomain(), new LogicalAddress(address).folded());
    }

    @Override
    public String toString() {
      return "VersionKey[redacted]";
    }
  }

  private record Row(String address, @Nullable Long version, @Nullable Timestamp changedAt) {}
}
