package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One analysis and what it found. Its content does not print.
 *
 * @param id of the analysis, in the source
 * @param code what was analysed
 * @param name what was analysed, in words; the code's where the source has no other
 * @param time when it was done, or begun
 * @param endTime when it was finished
 * @param status how far it has come; absent if that is not known
 * @param sourceStatus the source's own code or words for that
 * @param method how it was done
 * @param comment several lines
 * @param accredited whether the method is accredited; {@code null}: the source does not say
 * @param specimens what was analysed, of the resident
 * @param results what was found, none or several
 * @param relatesTo ids of other analyses of the same answer that it belongs to
 * @param attested who attested it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "id",
  "code",
  "name",
  "time",
  "endTime",
  "status",
  "sourceStatus",
  "method",
  "comment",
  "accredited",
  "specimens",
  "results",
  "relatesTo",
  "attested"
})
public record LabAnalysis(
    @Nullable String id,
    @Nullable Code code,
    @Nullable String name,
    @Nullable DayOrTime time,
    @Nullable DayOrTime endTime,
    @Nullable ResultStatus status,
    @Nullable Code sourceStatus,
    @Nullable Code method,
    @Nullable String comment,
    @Nullable Boolean accredited,
    List<LabSpecimen> specimens,
    List<LabFinding> results,
    List<String> relatesTo,
    @Nullable Professional attested) {

  /** Copies the lists. */
  public LabAnalysis {
    specimens = List.copyOf(specimens);
    results = List.copyOf(results);
    relatesTo = List.copyOf(relatesTo);
  }

  @Override
  public String toString() {
    return "LabAnalysis[redacted]";
  }
}
