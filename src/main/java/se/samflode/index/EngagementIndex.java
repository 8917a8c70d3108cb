package se.samflode.index;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import se.samflode.contract.CalledAddress;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/**
 * Reads the engagement index: who has content about a resident, and how often that has changed.
 * Every identity that is linked to the one asked for is searched too. Every method throws {@link
 * IndexUnavailable} if the database gives no answer in time. Thread-safe. Source: engagementindex
 * 1.0.
 */
@Component
public class EngagementIndex {

  /** Largest answer of {@link #find}, engagements. */
  private static final int MAX_FOUND = 100_000;

  /**
   * SQL that begins a query: the identities of the person who has the identity {@code :resident},
   * that one included, as a table {@code known} with the column {@code identity}.
   */
  public static final String IDENTITIES =
      """
      WITH person AS MATERIALIZED (
        SELECT coalesce((SELECT l.person FROM identity_link l WHERE l.identity = :resident),
                        :resident) AS person
      ), known AS MATERIALIZED (
        SELECT p.person AS identity FROM person p
         UNION ALL
        SELECT l.identity FROM person p JOIN identity_link l ON l.person = p.person
      )\
      """;

  private static final String FIND =
      IDENTITIES
          + " SELECT "
          + EngagementColumns.SELECTED
          + """
            FROM known k
           CROSS JOIN LATERAL (
                 SELECT *
                   FROM engagement o
                  WHERE o.resident = k.identity
                    AND o.service_domain = :serviceDomain
                    AND (CAST(:categorization AS text) IS NULL
                         OR o.categorization = :categorization)
                    AND (CAST(:logicalAddress AS text) IS NULL
                         OR o.logical_address = :logicalAddress)
                    AND (CAST(:businessObject AS text) IS NULL
                         OR o.business_object_instance_identifier = :businessObject)
                    AND (CAST(:clinicalProcess AS text) IS NULL
                         OR o.clinical_process_interest_id = :clinicalProcess)
                    AND (CAST(:since AS timestamp) IS NULL OR o.most_recent_content >= :since)
                    AND (CAST(:sourceSystem AS text) IS NULL OR o.source_system = :sourceSystem)
                    AND (CAST(:dataController AS text) IS NULL
                         OR o.data_controller = :dataController)
                    AND (CAST(:owner AS text) IS NULL OR o.owner = :owner)
                 OFFSET 0) e
           LIMIT :limit\
          """;

  /**
   * Addresses and versions from one snapshot. A source may answer one identity with what is the
   * person's by another: so the version is the sum over all of them, and over that of the address.
   * All only grow, so the sum tells a change of any. Which identities there are, where there are
   * several, goes in too: with another link the sum could be the same. The laterals with OFFSET 0
   * have the database look up what it joins, in the one partition where it is: a plan that was made
   * while tables were small would read them whole.
   */
  private static final String WHAT_TO_ASK =
      IDENTITIES
          + """
          , hit AS MATERIALIZED (
            SELECT e.resident,
                   CASE WHEN :sourceSystem THEN e.source_system ELSE e.logical_address END
                     AS address,
                   array_agg(DISTINCT e.logical_address) AS logical_addresses
              FROM known k
             CROSS JOIN LATERAL (
                   SELECT o.resident, o.source_system, o.logical_address
                     FROM engagement o
                    WHERE o.resident = k.identity
                      AND o.service_domain = :serviceDomain
                      AND (cardinality(CAST(:categorizations AS text[])) = 0
                           OR o.categorization = ANY (:categorizations))
                   OFFSET 0) e
             GROUP BY 1, 2
          )
          SELECT h.resident, h.address, h.logical_addresses,
                 coalesce(v.version, 0) + coalesce(a.version, 0)
                   + (SELECT CASE count(*) WHEN 1 THEN 0
                             ELSE hashtextextended(string_agg(k.identity, ' ' ORDER BY k.identity), 0)
                                  & (CAST(1 AS bigint) << 61) - 1 END
                        FROM known k) AS version,
                 extract(epoch FROM clock_timestamp() - greatest(v.changed_at, a.changed_at))
                   AS since_change
            FROM hit h
           CROSS JOIN LATERAL (
                 SELECT CAST(sum(n.version) AS bigint) AS version, max(n.changed_at) AS changed_at
                   FROM known k
                  CROSS JOIN LATERAL (
                        SELECT o.version, o.changed_at
                          FROM version o
                         WHERE o.service_domain = :serviceDomain
                           AND o.resident = k.identity AND o.address = upper(h.address)
                        OFFSET 0) n) v
            LEFT JOIN LATERAL (
                 SELECT o.version, o.changed_at
                   FROM address_version o
                  WHERE o.service_domain = :serviceDomain AND o.address = upper(h.address)
                 OFFSET 0) a ON true\
          """;

  private static final String PRESENT =
      "SELECT "
          + EngagementColumns.SELECTED
          + """
            FROM unnest(:ids, :residents) AS n (id, resident)
            JOIN engagement e ON e.id = n.id AND e.resident = n.resident\
          """;

  private static final String KNOWN = IDENTITIES + " SELECT identity FROM known";

  private final IndexDatabase database;

  EngagementIndex(IndexDatabase database) {
    this.database = database;
  }

  /**
   * The engagements that match, in no order, with the times the index gave them.
   *
   * @param query free of faults by {@link FindContentQuery#fault}
   * @throws IllegalStateException if more than 100,000 match: an answer is whole or none
   */
  public List<Engagement> find(FindContentQuery query) {
    List<Engagement> found =
        IndexDatabase.answered(
            "find",
            () ->
                database
                    .searches()
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
                    .query(EngagementColumns::engagement)
                    .list());
    if (found.size() > MAX_FOUND) {
      throw new IllegalStateException("more than " + MAX_FOUND + " engagements match");
    }
    return found;
  }

  /**
   * The addresses to ask about a resident, each once for each identity that has content there, with
   * the version it has now. Addresses that differ in case only are one.
   *
   * @param categorizations those to look for, compared exactly; empty means all
   * @param called which field of an engagement the contract calls
   */
  public List<IndexHit> whatToAsk(
      PersonId person, String serviceDomain, Set<String> categorizations, CalledAddress called) {
    Map<Asked, IndexHit> hits = new LinkedHashMap<>();
    database
        .lookUp(
            "look-up",
            lookUps ->
                lookUps
                    .sql(WHAT_TO_ASK)
                    .param("resident", person.value())
                    .param("serviceDomain", serviceDomain)
                    .param("sourceSystem", called == CalledAddress.SOURCE_SYSTEM)
                    .param("categorizations", new SqlArrayValue("text", categorizations.toArray()))
                    .query((row, number) ->
                        hit(
                            row.getString("resident"),
                            row.getString("address"),
                            EngagementColumns.addresses(row.getArray("logical_addresses")),
                            row.getLong("version"),
                            row.getBigDecimal("since_change")))
                    .list())
        .forEach(hit -> hits.merge(Asked.of(hit), hit, EngagementIndex::firstSpelling));
    return new ArrayList<>(hits.values());
  }

  /** The identities of the person who has one, that one included. */
  public Set<PersonId> identities(PersonId person) {
    return database.lookUp(
        "identities",
        lookUps ->
            lookUps
                .sql(KNOWN)
                .param("resident", person.value())
                .query((row, number) -> new PersonId(row.getString("identity")))
                .set());
  }

  /**
   * What the index has now of some keys; what it has not is absent.
   *
   * @param residents by key, the resident that the key is about
   */
  public Map<EngagementKey, Engagement> present(Map<EngagementKey, String> residents) {
    Map<EngagementKey, Engagement> present = new LinkedHashMap<>();
    IndexDatabase.answered(
            "present",
            () ->
                database
                    .searches()
                    .sql(PRESENT)
                    .param("ids", EngagementColumns.ids(residents.keySet()))
                    .param("residents", EngagementColumns.texts(residents.values(), r -> r))
                    .query(EngagementColumns::engagement)
                    .list())
        .forEach(engagement -> present.put(EngagementKey.of(engagement), engagement));
    return present;
  }

  private static IndexHit hit(
      String resident,
      String address,
      Set<LogicalAddress> logicalAddresses,
      long version,
      @Nullable BigDecimal sinceChange) {
    if (sinceChange == null) {
      throw new IllegalStateException("an engagement without a version");
    }
    return new IndexHit(
        new PersonId(resident),
        new LogicalAddress(address),
        logicalAddresses,
        version,
        // Not before the snapshot it was read from, whatever the clock did since.
        Duration.ofMillis(sinceChange.max(BigDecimal.ZERO).movePointRight(3).longValue()));
  }

  private static IndexHit firstSpelling(IndexHit a, IndexHit b) {
    Set<LogicalAddress> both = new HashSet<>(a.logicalAddresses());
    both.addAll(b.logicalAddresses());
    IndexHit first = a.address().value().compareTo(b.address().value()) <= 0 ? a : b;
    return new IndexHit(
        first.person(), first.address(), both, first.version(), first.sinceChange());
  }

  private record Asked(PersonId person, String folded) {

    static Asked of(IndexHit hit) {
      return new Asked(hit.person(), hit.address().folded());
    }
  }
}
