package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * What was taken from the resident to be analysed. Its content does not print.
 *
 * @param id of the specimen, in the source
 * @param material such as blood
 * @param time when it was taken
 * @param site where on the body
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "material", "time", "site", "comment"})
public record LabSpecimen(
    @Nullable String id,
    @Nullable Code material,
    @Nullable DayOrTime time,
    @Nullable Code site,
    @Nullable String comment) {

  /** Of the type Specimen of version 4. */
  static LabSpecimen of(XmlNode node) throws BrokenRule {
    return new LabSpecimen(
        node.identifier("identifier"),
        node.code("material"),
        node.time("timestamp"),
        node.code("anatomicalLocation"),
        node.shown("comment"));
  }

  @Override
  public String toString() {
    return "LabSpecimen[redacted]";
  }
}
