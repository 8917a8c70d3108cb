package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an analysis found. Of {@code value}, {@code interval} and {@code code} a source gives one.
 * Its content does not print.
 *
 * @param type kind of result
 * @param value a number exactly as the source writes it, or words
 * @param unit of the number
 * @param interval a value known to lie between two numbers
 * @param code a value that is a code
 * @param time when it was observed
 * @param flagged whether the source marks it as deviating; {@code null}: the source does not say
 * @param interpretations the source's own codes for how it deviates
 * @param description several lines
 * @param comment several lines
 * @param reference what is usual
 * @param related further analyses that belong to this result
 * @param signed who carried it out and signed it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "type",
  "value",
  "unit",
  "interval",
  "code",
  "time",
  "flagged",
  "interpretations",
  "description",
  "comment",
  "reference",
  "related",
  "signed"
})
public record LabFinding(
    @Nullable Code type,
    @Nullable String value,
    @Nullable String unit,
    @Nullable LabInterval interval,
    @Nullable Code code,
    @Nullable DayOrTime time,
    @Nullable Boolean flagged,
    List<Code> interpretations,
    @Nullable String description,
    @Nullable String comment,
    @Nullable LabReference reference,
    List<LabAnalysis> related,
    @Nullable Professional signed) {

  /** Copies the lists. */
  public LabFinding {
    interpretations = List.copyOf(interpretations);
    related = List.copyOf(related);
  }

  @Override
  public String toString() {
    return "LabFinding[redacted]";
  }
}
