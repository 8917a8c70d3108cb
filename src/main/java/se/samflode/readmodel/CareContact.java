package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * A contact with care, such as a visit or a stay, as the API serves it, from either version of its
 * contract. Texts are plain text: whoever shows them as HTML must escape them. Immutable; its
 * content does not print.
 *
 * @param id the same at every reading of the same contact; 24 characters, safe in URLs, and a
 *     hyphen and a number where a source has the same contact more than once
 * @param documentId the source system's own id of it
 * @param sourceSystem the HSA-id of the system that holds it
 * @param type kind of contact
 * @param status how far it has come
 * @param reason why the resident sought care, several lines
 * @param start when it began or is to begin
 * @param end when it ended
 * @param unit where it took place
 * @param responsible who is responsible for it
 * @param source the logical address that was asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "id",
  "documentId",
  "sourceSystem",
  "type",
  "status",
  "reason",
  "start",
  "end",
  "unit",
  "responsible",
  "source"
})
public record CareContact(
    String id,
    @Nullable String documentId,
    @Nullable String sourceSystem,
    @Nullable Code type,
    @Nullable Code status,
    @Nullable String reason,
    @Nullable DayOrTime start,
    @Nullable DayOrTime end,
    @Nullable Unit unit,
    @Nullable Professional responsible,
    String source)
    implements ReadModelItem {

  @Override
  public CareContact withId(String other) {
    return new CareContact(
        other,
        documentId,
        sourceSystem,
        type,
        status,
        reason,
        start,
        end,
        unit,
        responsible,
        source);
  }

  @Override
  public String toString() {
    return "CareContact[redacted]";
  }
}
