package se.samflode.index;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Which residents have changed since a time, each with all that the index has of them now: what
 * GetUpdates serves. Throws {@link IndexUnavailable} if the database gives no answer in time.
 * Thread-safe. Source: engagementindex 1.0, section b.8.
 */
@Component
public class IndexUpdates {

  /** Most residents of a page. */
  static final int RESIDENTS = 500;

  /** Most engagements of a page of more than one resident. */
  static final int ENGAGEMENTS = 20_000;

  private static final int READ_AT_ONCE = 50;
  private static final int MAX_READ = 100_000;

  /** Above the longest change and its commit: what was under way at the time asked for is told. */
  private static final Duration OVERLAP = Duration.ofMinutes(1);

  private static final String COMPLETE_FROM =
      """
      SELECT complete_from FROM feed_state\
      """;

  private static final String CHANGED =
      """
      SELECT DISTINCT c.resident
        FROM change c
       WHERE c.service_domain = :serviceDomain
         AND c.changed_at >= :since
         AND c.resident > :last
       ORDER BY c.resident
       LIMIT :limit\
      """;

  /** Versions name those too who have nothing left. */
  private static final String EVERYBODY =
      """
      SELECT resident
        FROM ((SELECT DISTINCT e.resident
                 FROM engagement e
                WHERE e.service_domain = :serviceDomain AND e.resident > :last
                ORDER BY e.resident
                LIMIT :limit)
              UNION
              (SELECT DISTINCT v.resident
                 FROM version v
                WHERE v.service_domain = :serviceDomain AND v.resident > :last
                ORDER BY v.resident
                LIMIT :limit)) AS known
       ORDER BY resident
       LIMIT :limit\
      """;

  private static final String ENGAGEMENTS_OF =
      "SELECT "
          + EngagementColumns.SELECTED
          + """
            FROM unnest(:residents) AS n (resident) JOIN engagement e USING (resident)
           WHERE e.service_domain = :serviceDomain
           LIMIT :limit\
          """;

  private final IndexDatabase database;

  IndexUpdates(IndexDatabase database) {
    this.database = database;
  }

  /**
   * One page of what has changed.
   *
   * @param engagementsByResident all engagements in the domain of each resident told, who may have
   *     none left; in the order of residents
   * @param complete whether no page follows
   */
  public record Page(Map<String, List<Engagement>> engagementsByResident, boolean complete) {}

  /**
   * The page that follows a resident.
   *
   * @param since residents are told who have changed then or later; where the feed does not reach
   *     so far back, everybody the index has ever known in the domain
   * @param lastResident last resident of the page before, null for the first page
   */
  public Page since(String serviceDomain, Instant since, @Nullable String lastResident) {
    return IndexDatabase.answered(
        "updates", () -> page(serviceDomain, since.minus(OVERLAP), lastResident));
  }

  private Page page(String serviceDomain, Instant since, @Nullable String lastResident) {
    Instant completeFrom =
        database.searches().sql(COMPLETE_FROM).query(OffsetDateTime.class).single().toInstant();
    boolean inFeed = !since.isBefore(completeFrom);
    var question =
        database
            .searches()
            .sql(inFeed ? CHANGED : EVERYBODY)
            .param("serviceDomain", serviceDomain)
            .param("last", lastResident == null ? "" : lastResident)
            .param("limit", RESIDENTS + 1);
    if (inFeed) {
      question = question.param("since", since.atOffset(ZoneOffset.UTC));
    }
    List<String> residents = question.query(EngagementColumns::text).list();
    boolean more = residents.size() > RESIDENTS;
    return cut(serviceDomain, more ? residents.subList(0, RESIDENTS) : residents, more);
  }

  /** Ends the page before the resident with whom it would be too large. */
  private Page cut(String serviceDomain, List<String> residents, boolean more) {
    Map<String, List<Engagement>> known = engagementsOf(serviceDomain, residents);
    Map<String, List<Engagement>> page = new LinkedHashMap<>();
    int engagements = 0;
    for (String resident : residents) {
      List<Engagement> all = known.getOrDefault(resident, List.of());
      engagements += all.size();
      if (engagements > ENGAGEMENTS && !page.isEmpty()) {
        return new Page(page, false);
      }
      page.put(resident, all);
    }
    return new Page(page, !more);
  }

  private Map<String, List<Engagement>> engagementsOf(
      String serviceDomain, List<String> residents) {
    Map<String, List<Engagement>> known = new HashMap<>();
    for (int from = 0; from < residents.size(); from += READ_AT_ONCE) {
      List<String> some = residents.subList(from, Math.min(from + READ_AT_ONCE, residents.size()));
      List<Engagement> read =
          database
              .searches()
              .sql(ENGAGEMENTS_OF)
              .param("residents", EngagementColumns.texts(some, r -> r))
              .param("serviceDomain", serviceDomain)
              .param("limit", MAX_READ + 1)
              .query(EngagementColumns::engagement)
              .list();
      if (read.size() > MAX_READ) {
        throw new IllegalStateException("more than " + MAX_READ + " engagements of few residents");
      }
      read.forEach(e -> known.computeIfAbsent(e.resident(), r -> new ArrayList<>()).add(e));
    }
    return known;
  }
}
