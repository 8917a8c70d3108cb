package se.samflode.exchange;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How far each source has been pulled, per service domain. Times are the database's. Thread-safe;
 * every method throws Spring's DataAccessException if the database gives no answer.
 */
@Component
class PullState {

  private static final String BEGIN =
      """
      INSERT INTO pull_state AS s (source, service_domain, run_started)
      VALUES (:source, :serviceDomain, clock_timestamp())
          ON CONFLICT (source, service_domain)
          DO UPDATE SET run_started = coalesce(s.run_started, clock_timestamp())
             WHERE s.run_started IS NOT NULL
                OR s.last_success IS NULL
                OR s.last_success + make_interval(secs => :interval) <= clock_timestamp()
      RETURNING last_success, last_resident\
      """;

  private static final String ADVANCE =
      """
      UPDATE pull_state SET last_resident = :lastResident
       WHERE source = :source AND service_domain = :serviceDomain\
      """;

  private static final String COMPLETE =
      """
      UPDATE pull_state SET last_success = run_started, run_started = NULL, last_resident = NULL
       WHERE source = :source AND service_domain = :serviceDomain AND run_started IS NOT NULL\
      """;

  private static final String ALL =
      """
      SELECT source, service_domain, last_success, run_started FROM pull_state\
      """;

  private final JdbcClient database;

  PullState(JdbcClient database) {
    this.database = database;
  }

  /**
   * A run. Prints itself redacted.
   *
   * @param lastSuccess when the last run that came to its end began, null if there was none
   * @param lastResident after whom to go on, null for a run from the start
   */
  record Run(@Nullable Instant lastSuccess, @Nullable String lastResident) {

    @Override
    public String toString() {
      return "Run[redacted]";
    }
  }

  /**
   * Where a source stands.
   *
   * @param lastSuccess when the last run that came to its end began
   * @param runStarted when the run began that has not come to its end
   */
  record Standing(
      String source,
      String serviceDomain,
      @Nullable Instant lastSuccess,
      @Nullable Instant runStarted) {}

  /** Begins a run if one is due, or goes on with the one that has not come to its end. */
  Optional<Run> begin(String source, String serviceDomain, Duration interval) {
    return database
        .sql(BEGIN)
        .param("source", source)
        .param("serviceDomain", serviceDomain)
        .param("interval", interval.toMillis() / 1000.0)
        .query((row, number) ->
            new Run(
                instant(row.getObject("last_success", OffsetDateTime.class)),
                row.getString("last_resident")))
        .optional();
  }

  /**
   * Remembers that everything up to a resident is stored.
   *
   * @param lastResident null to let the run begin again
   */
  void advance(String source, String serviceDomain, @Nullable String lastResident) {
    database
        .sql(ADVANCE)
        .param("source", source)
        .param("serviceDomain", serviceDomain)
        .param("lastResident", lastResident)
        .update();
  }

  /** Ends a run that has stored everything. */
  void complete(String source, String serviceDomain) {
    database.sql(COMPLETE).param("source", source).param("serviceDomain", serviceDomain).update();
  }

  /** Every source and domain that was ever pulled. */
  List<Standing> all() {
    return database
        .sql(ALL)
        .query((row, number) ->
            new Standing(
                row.getString("source"),
                row.getString("service_domain"),
                instant(row.getObject("last_success", OffsetDateTime.class)),
                instant(row.getObject("run_started", OffsetDateTime.class))))
        .list();
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
