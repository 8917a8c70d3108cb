package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Analyses that belong together. Of a contract without groups there is one, without a name. Its
 * content does not print.
 *
 * @param comment several lines
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"name", "code", "comment", "analyses"})
public record LabGroup(
    @Nullable String name,
    @Nullable Code code,
    @Nullable String comment,
    List<LabAnalysis> analyses) {

  /** Copies the list. */
  public LabGroup {
    analyses = List.copyOf(analyses);
  }

  @Override
  public String toString() {
    return "LabGroup[redacted]";
  }
}
