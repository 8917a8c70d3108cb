package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A care plan, as the API serves it (GetCarePlans). Texts are plain text: whoever shows them as
 * HTML must escape them. Immutable; its content does not print.
 *
 * @param id the same at every reading of the same plan; 24 characters, safe in URLs, and a hyphen
 *     and a number where a source has the same plan more than once
 * @param documentId the source system's own id of it
 * @param sourceSystem the HSA-id of the system that holds it
 * @param type kind of plan
 * @param time of the plan
 * @param attachments the plan itself: contracts carry it as documents
 * @param units HSA-ids of the care units that take part
 * @param responsible who is responsible for it
 * @param signed who signed it
 * @param careContactId the source's id of the contact with care it belongs to
 * @param source the logical address that was asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "id",
  "documentId",
  "sourceSystem",
  "title",
  "type",
  "time",
  "attachments",
  "units",
  "responsible",
  "signed",
  "careContactId",
  "source"
})
public record CarePlan(
    String id,
    @Nullable String documentId,
    @Nullable String sourceSystem,
    @Nullable String title,
    @Nullable Code type,
    @Nullable DayOrTime time,
    List<Attachment> attachments,
    List<String> units,
    @Nullable Professional responsible,
    @Nullable Professional signed,
    @Nullable String careContactId,
    String source)
    implements ReadModelItem {

  /** Copies the lists. */
  public CarePlan {
    attachments = List.copyOf(attachments);
    units = List.copyOf(units);
  }

  @Override
  public CarePlan withId(String other) {
    return new CarePlan(
        other,
        documentId,
        sourceSystem,
        title,
        type,
        time,
        attachments,
        units,
        responsible,
        signed,
        careContactId,
        source);
  }

  @Override
  public String toString() {
    return "CarePlan[redacted]";
  }
}
