package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A note of the medical record, as the API serves it, from either version of its contract. Texts
 * are plain text: whoever shows them as HTML must escape them. Immutable; its content does not
 * print.
 *
 * @param id the same at every reading of the same note; 24 characters, safe in URLs, and a hyphen
 *     and a number where a source has the same note more than once
 * @param documentId the source system's own id of it
 * @param sourceSystem the HSA-id of the system that holds it
 * @param noteType kind of note
 * @param documentType kind of document, in the older contract only
 * @param time of the note
 * @param text the note, several lines
 * @param attachments pictures and documents that belong to it
 * @param opinions what the resident has had noted as a differing opinion
 * @param responsible who is responsible for the note
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
  "noteType",
  "documentType",
  "time",
  "text",
  "attachments",
  "opinions",
  "responsible",
  "signed",
  "careContactId",
  "source"
})
public record CareDocumentation(
    String id,
    @Nullable String documentId,
    @Nullable String sourceSystem,
    @Nullable String title,
    @Nullable Code noteType,
    @Nullable Code documentType,
    @Nullable DayOrTime time,
    @Nullable String text,
    List<Attachment> attachments,
    List<DissentingOpinion> opinions,
    @Nullable Professional responsible,
    @Nullable Professional signed,
    @Nullable String careContactId,
    String source)
    implements ReadModelItem {

  /** Copies the lists. */
  public CareDocumentation {
    attachments = List.copyOf(attachments);
    opinions = List.copyOf(opinions);
  }

  @Override
  public CareDocumentation withId(String other) {
    return new CareDocumentation(
        other,
        documentId,
        sourceSystem,
        title,
        noteType,
        documentType,
        time,
        text,
        attachments,
        opinions,
        responsible,
        signed,
        careContactId,
        source);
  }

  @Override
  public String toString() {
    return "CareDocumentation[redacted]";
  }
}
