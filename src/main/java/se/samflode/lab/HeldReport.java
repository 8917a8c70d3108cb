package se.samflode.lab;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/**
 * The version of an answer that stands, with what the store knows of it. Immutable.
 *
 * @param dataController the HSA-id of the organisation that answers for it
 * @param arrived when this version came
 * @param released whether the resident may see it now
 */
record HeldReport(LabReport report, String dataController, Instant arrived, boolean released) {

  /** The source's time of this version, else that of its arrival. */
  Instant time() {
    return Objects.requireNonNullElse(report.time(), arrived);
  }

  /** When the care that it is about was, as far as is known: of the order, the first analysis. */
  Instant begun() {
    return Optional.ofNullable(report.order())
        .map(LabReport.Order::time)
        .or(() ->
            report.groups().stream()
                .flatMap(group -> group.analyses().stream())
                .map(LabReport.Analysis::time)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder()))
        .orElseGet(this::time);
  }

  @Override
  public String toString() {
    return "HeldReport[redacted]";
  }
}
