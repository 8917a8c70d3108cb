package se.samflode.index;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/**
 * Which residents have changed since a time, each with all that the index has of them now: what
 * GetUpdates serves. Throws {@link IndexUnavailable} if the database gives no answer in time.
 * Thread-safe. Source: engagementindex 1.0.
 */
@Component
public class IndexUpdates {

  /** Most residents of a page. */
  static final int RESIDENTS = 500;

  /** Most engagements of a page of more than one resident. */
  static final int ENGAGEMENTS = 20_000;

  /** Most engagements of one resident, who is never cut. */
  private static final int ENGAGEMENTS_OF_ONE = 100_000;

  /** Above the longest change and its commit: what was under way at the time asked for is told. */
  private static final Duration OVERLAP = Duration.ofMinutes(1);

  /**
   * How far back changes are searched. Each page searches all of them, so that beyond this time
   * walking through everybody costs less.
   */
  static final Duration SEARCHED = Duration.ofDays(2);

  private static final String COMPLETE_FROM =
      """
      SELECT complete_from FROM feed_state\
      """;

  /** As a constant: of a limit that is a parameter the planner thinks that it is large. */
  private static final String LIMIT = " LIMIT " + (RESIDENTS + 1);

  private static final String CHANGED =
      """
      SELECT DISTINCT c.resident
        FROM change c
       WHERE c.service_domain = :serviceDomain
         AND c.changed_at >= :since
         AND c.resident > :last
       ORDER BY c.resident\
      """
          + LIMIT;

  /** Versions name those too who have nothing left. */
  private static final String EVERYBODY =
      """
      SELECT resident
        FROM ((SELECT DISTINCT e.resident
                 FROM engagement e
                WHERE e.service_domain = :serviceDomain AND e.resident > :last
                ORDER BY e.resident\
      """
          + LIMIT
          + """
            )
            UNION
            (SELECT DISTINCT v.resident
               FROM version v
              WHERE v.service_domain = :serviceDomain AND v.resident > :last
              ORDER BY v.resident\
          """
          + LIMIT
          + """
            )) AS known
           ORDER BY resident\
          """
          + LIMIT;

  private static final String ENGAGEMENTS_OF =
      "SELECT "
          + EngagementColumns.SELECTED
          + """
            FROM unnest(:residents) WITH ORDINALITY AS n (resident, number)
            JOIN engagement e USING (resident)
           WHERE e.service_domain = :serviceDomain
           ORDER BY n.number
           LIMIT :limit\
          """;

  private final IndexDatabase database;
  private final Clock clock;

  IndexUpdates(IndexDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * One page of what has changed. Immutable; prints itself redacted.
   *
   * @param engagementsByResident all engagements in the domain of each resident told, who may have
   *     none left; in the order of residents
   * @param complete whether no page follows
   */
  public record Page(Map<String, List<Engagement>> engagementsByResident, boolean complete) {

    /** Takes over the map, whose order counts. */
    public Page {
      engagementsByResident = Collections.unmodifiableMap(engagementsByResident);
    }

    @Override
    public String toString() {
      return "Page[redacted]";
    }
  }

  /**
   * The page that follows a resident: those who have changed at the time asked for or later; where
   * that is too long ago, or there are too many changes, everybody the index has ever known in the
   * domain.
   *
   * @param query free of faults
   */
  public Page page(GetUpdatesQuery query) {
    return IndexDatabase.answered(
        "updates",
        () -> {
          List<String> residents = residents(query);
          return residents.size() > RESIDENTS
              ? page(query.serviceDomain(), residents.subList(0, RESIDENTS), false)
              : page(query.serviceDomain(), residents, true);
        });
  }

  private List<String> residents(GetUpdatesQuery query) {
    Instant since = query.since().minus(OVERLAP);
    if (!since.isBefore(clock.instant().minus(SEARCHED)) && reachesBackTo(since)) {
      Optional<List<String>> changed = changed(query, since);
      // Again: what was read must not have been dropped for its age just before.
      if (changed.isPresent() && reachesBackTo(since)) {
        return changed.get();
      }
    }
    return following(EVERYBODY, query).query(EngagementColumns::text).list();
  }

  /** Empty if there are too many changes to search in time: all residents answer that too. */
  private Optional<List<String>> changed(GetUpdatesQuery query, Instant since) {
    try {
      return Optional.of(
          following(CHANGED, query)
              .param("since", since.atOffset(ZoneOffset.UTC))
              .query(EngagementColumns::text)
              .list());
    } catch (QueryTimeoutException e) {
      return Optional.empty();
    }
  }

  private StatementSpec following(String question, GetUpdatesQuery query) {
    return database
        .searches()
        .sql(question)
        .param("serviceDomain", query.serviceDomain())
        .param("last", query.after());
  }

  private boolean reachesBackTo(Instant since) {
    Instant completeFrom =
        database.searches().sql(COMPLETE_FROM).query(OffsetDateTime.class).single().toInstant();
    return !since.isBefore(completeFrom);
  }

  /** Ends before the resident with whom the page would be too large, unless it is the first. */
  private Page page(String serviceDomain, List<String> residents, boolean complete) {
    List<Engagement> read = engagements(serviceDomain, residents, ENGAGEMENTS + 1);
    if (read.size() <= ENGAGEMENTS) {
      return page(residents, read, complete);
    }
    int whole = residents.indexOf(read.getLast().resident());
    if (whole > 0) {
      List<String> told = residents.subList(0, whole);
      read.removeIf(engagement -> engagement.resident().equals(residents.get(whole)));
      return page(told, read, false);
    }
    List<String> one = residents.subList(0, 1);
    List<Engagement> all = engagements(serviceDomain, one, ENGAGEMENTS_OF_ONE + 1);
    if (all.size() > ENGAGEMENTS_OF_ONE) {
      throw new IllegalStateException(
          "a resident has more than " + ENGAGEMENTS_OF_ONE + " engagements");
    }
    return page(one, all, complete && residents.size() == 1);
  }

  private static Page page(List<String> residents, List<Engagement> engagements, boolean complete) {
    Map<String, List<Engagement>> page = LinkedHashMap.newLinkedHashMap(residents.size());
    residents.forEach(resident -> page.put(resident, new ArrayList<>()));
    engagements.forEach(e -> page.computeIfAbsent(e.resident(), r -> new ArrayList<>()).add(e));
    return new Page(page, complete);
  }

  private List<Engagement> engagements(String serviceDomain, List<String> residents, int limit) {
    return database
        .searches()
        .sql(ENGAGEMENTS_OF)
        .param("residents", EngagementColumns.texts(residents, r -> r))
        .param("serviceDomain", serviceDomain)
        .param("limit", limit)
        .query(EngagementColumns::engagement)
        .list();
  }
}
