package se.samflode.index;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Counts what each source system has in the index, for the region to compare with its own count.
 * Thread-safe.
 */
public final class IndexReport {

  /** A resident is in one partition, so that residents of partitions add up. */
  private static final String COUNT =
      """
      SELECT source_system, service_domain, sum(engagements)::bigint AS engagements,
             count(*) AS residents, max(last_update) AS last_update
        FROM (SELECT e.source_system, e.service_domain, e.resident, count(*) AS engagements,
                     max(greatest(e.creation_time, e.update_time)) AS last_update
                FROM :partition: e
               WHERE (CAST(:sourceSystem AS text) IS NULL OR e.source_system = :sourceSystem)
               GROUP BY e.source_system, e.service_domain, e.resident) AS by_resident
       GROUP BY source_system, service_domain\
      """;

  private final DataSource dataSource;

  IndexReport(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * What a source system has in a service domain.
   *
   * @param rows engagements
   * @param residents identities that have them
   * @param lastUpdate when the last of them was created or changed
   */
  public record Line(
      String sourceSystem, String serviceDomain, long rows, long residents, Instant lastUpdate) {

    private Line plus(Line other) {
      return new Line(
          sourceSystem,
          serviceDomain,
          rows + other.rows,
          residents + other.residents,
          lastUpdate.isAfter(other.lastUpdate) ? lastUpdate : other.lastUpdate);
    }
  }

  private record Place(String sourceSystem, String serviceDomain) {}

  /**
   * Counts, partition after partition, each as it is at its moment. Locks nothing that anybody
   * waits for.
   *
   * @param sourceSystem compared exactly; null for all
   * @return by source system and service domain
   * @throws IndexUnavailable if the database fails
   */
  public List<Line> count(@Nullable String sourceSystem) {
    Map<Place, Line> lines =
        new TreeMap<>(
            Comparator.comparing(Place::sourceSystem).thenComparing(Place::serviceDomain));
    try (LongWork work = LongWork.open(dataSource)) {
      List<String> partitions =
          IndexDatabase.answered("report", () -> IndexTables.partitions(work.sql()));
      for (String partition : partitions) {
        count(work, partition, sourceSystem)
            .forEach(line ->
                lines.merge(
                    new Place(line.sourceSystem(), line.serviceDomain()), line, Line::plus));
      }
    }
    return new ArrayList<>(lines.values());
  }

  private static List<Line> count(LongWork work, String partition, @Nullable String sourceSystem) {
    return IndexDatabase.answered(
        "report",
        () ->
            work.sql()
                .sql(COUNT.replace(":partition:", partition))
                .param("sourceSystem", sourceSystem)
                .query((row, number) ->
                    new Line(
                        row.getString("source_system"),
                        row.getString("service_domain"),
                        row.getLong("engagements"),
                        row.getLong("residents"),
                        row.getTimestamp("last_update").toInstant()))
                .list());
  }
}
