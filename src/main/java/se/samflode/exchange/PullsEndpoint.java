package se.samflode.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/** Shows the operator where each source that is pulled stands. Thread-safe. */
@Component
@Endpoint(id = "pulls")
class PullsEndpoint {

  private final PullSources sources;
  private final PullState state;
  private final PullReport report;

  PullsEndpoint(PullSources sources, PullState state, PullReport report) {
    this.sources = sources;
    this.state = state;
    this.report = report;
  }

  /**
   * All sources of the file.
   *
   * @param sources in the order of the file
   */
  record Answer(List<Source> sources) {}

  /**
   * One source.
   *
   * @param interval ISO 8601
   */
  record Source(
      String id, String sourceSystem, boolean enabled, Duration interval, List<Domain> domains) {}

  /**
   * One service domain of a source.
   *
   * @param lastSuccess start of the last run that came to its end, on any node
   * @param runningSince start of the run that has not come to its end, on any node; it may be
   *     waiting to go on
   * @param lastFailure why a run on this node failed, unless one has come to its end since
   */
  record Domain(
      String serviceDomain,
      @Nullable Instant lastSuccess,
      @Nullable Instant runningSince,
      PullReport.@Nullable Failure lastFailure) {}

  /** Where all sources stand. */
  @ReadOperation
  Answer pulls() {
    Map<String, PullState.Standing> standings = new HashMap<>();
    state.all().forEach(s -> standings.put(s.source() + " " + s.serviceDomain(), s));
    return new Answer(
        sources.all().stream()
            .map(source ->
                new Source(
                    source.id(),
                    source.sourceSystem(),
                    source.enabled(),
                    source.interval(),
                    source.serviceDomains().stream()
                        .map(domain -> domain(source.id(), domain, standings))
                        .toList()))
            .toList());
  }

  private Domain domain(String source, String domain, Map<String, PullState.Standing> standings) {
    Optional<PullState.Standing> standing =
        Optional.ofNullable(standings.get(source + " " + domain));
    return new Domain(
        domain,
        standing.map(PullState.Standing::lastSuccess).orElse(null),
        standing.map(PullState.Standing::runStarted).orElse(null),
        report.lastFailure(source, domain).orElse(null));
  }
}
