package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A laboratory's answer to an order, as the API serves it, from either version of its contract.
 * Texts are plain text: whoever shows them as HTML must escape them. Immutable; its content does
 * not print.
 *
 * @param id the same at every reading of the same answer; 24 characters, safe in URLs, and a hyphen
 *     and a number where a source has the same answer more than once
 * @param documentId the source system's own id of the answer
 * @param sourceSystem the HSA-id of the system that holds it
 * @param title in the older contract only
 * @param type kind of answer
 * @param status how far the answer has come; absent if the source does not say, or not so that it
 *     is known
 * @param sourceStatus the source's own code for that
 * @param time of the answer
 * @param registrationTime when the source registered it
 * @param discipline the laboratory's field, in words
 * @param laboratoryId the laboratory's own id of the answer
 * @param report the answer in words, several lines
 * @param comment several lines
 * @param responsible who is responsible for the answer
 * @param laboratory who answers for it at the laboratory
 * @param signed who signed it
 * @param order what it answers
 * @param groups the analyses, in the source's order
 * @param recipient the unit that gets the answer
 * @param contact whom to ask about it, in words
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
  "status",
  "sourceStatus",
  "time",
  "registrationTime",
  "discipline",
  "laboratoryId",
  "report",
  "comment",
  "responsible",
  "laboratory",
  "signed",
  "order",
  "groups",
  "recipient",
  "contact",
  "careContactId",
  "source"
})
public record LabResult(
    String id,
    @Nullable String documentId,
    @Nullable String sourceSystem,
    @Nullable String title,
    @Nullable Code type,
    @Nullable ResultStatus status,
    @Nullable Code sourceStatus,
    @Nullable DayOrTime time,
    @Nullable DayOrTime registrationTime,
    @Nullable String discipline,
    @Nullable String laboratoryId,
    @Nullable String report,
    @Nullable String comment,
    @Nullable Professional responsible,
    @Nullable Professional laboratory,
    @Nullable Professional signed,
    @Nullable LabOrder order,
    List<LabGroup> groups,
    @Nullable Unit recipient,
    @Nullable String contact,
    @Nullable String careContactId,
    String source)
    implements ReadModelItem {

  /** Copies the list. */
  public LabResult {
    groups = List.copyOf(groups);
  }

  @Override
  public LabResult withId(String other) {
    return new LabResult(
        other,
        documentId,
        sourceSystem,
        title,
        type,
        status,
        sourceStatus,
        time,
        registrationTime,
        discipline,
        laboratoryId,
        report,
        comment,
        responsible,
        laboratory,
        signed,
        order,
        groups,
        recipient,
        contact,
        careContactId,
        source);
  }

  @Override
  public String toString() {
    return "LabResult[redacted]";
  }
}
