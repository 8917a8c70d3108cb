package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * What is usual for an analysis; at least one component is there.
 *
 * @param text the interval in words, as older sources give it, or a description
 * @param population whom it holds for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"interval", "text", "population", "comment"})
public record LabReference(
    @Nullable LabInterval interval,
    @Nullable String text,
    @Nullable String population,
    @Nullable String comment) {

  /** Of an AnalysisOutcome of version 3; {@code null} if it says nothing. */
  static @Nullable LabReference outcome(XmlNode outcome) throws BrokenRule {
    return orNull(
        null, outcome.shown("referenceInterval"), outcome.shown("referencePopulation"), null);
  }

  /** Of the type Reference of version 4; {@code null} if it says nothing. */
  static @Nullable LabReference reference(XmlNode node) throws BrokenRule {
    return orNull(
        LabInterval.of(node.child("interval")),
        node.shown("description"),
        node.shown("population"),
        node.shown("comment"));
  }

  private static @Nullable LabReference orNull(
      @Nullable LabInterval interval,
      @Nullable String text,
      @Nullable String population,
      @Nullable String comment) {
    boolean nothing = interval == null && text == null && population == null && comment == null;
    return nothing ? null : new LabReference(interval, text, population, comment);
  }

  @Override
  public String toString() {
    return "LabReference[redacted]";
  }
}
