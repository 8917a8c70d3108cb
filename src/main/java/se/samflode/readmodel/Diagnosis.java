package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A diagnosis, as the API serves it (GetDiagnosis). Texts are plain text: whoever shows them as
 * HTML must escape them. Immutable; its content does not print.
 *
 * @param id the same at every reading of the same diagnosis; 24 characters, safe in URLs, and a
 *     hyphen and a number where a source has the same diagnosis more than once
 * @param documentId the source system's own id of it
 * @param sourceSystem the HSA-id of the system that holds it
 * @param type whether it is the main one; absent if the source does not say so that it is known
 * @param code which diagnosis
 * @param chronic whether it is chronic; {@code null}: the source does not say
 * @param time when it was made; that of the record where the source does not say
 * @param related ids of the diagnoses that it belongs to, whether they are in the answer or not
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
  "code",
  "chronic",
  "time",
  "related",
  "responsible",
  "signed",
  "careContactId",
  "source"
})
public record Diagnosis(
    String id,
    @Nullable String documentId,
    @Nullable String sourceSystem,
    @Nullable String title,
    @Nullable DiagnosisType type,
    @Nullable Code code,
    @Nullable Boolean chronic,
    @Nullable DayOrTime time,
    List<String> related,
    @Nullable Professional responsible,
    @Nullable Professional signed,
    @Nullable String careContactId,
    String source)
    implements ReadModelItem {

  /** Copies the list. */
  public Diagnosis {
    related = List.copyOf(related);
  }

  @Override
  public Diagnosis withId(String other) {
    return new Diagnosis(
        other,
        documentId,
        sourceSystem,
        title,
        type,
        code,
        chronic,
        time,
        related,
        responsible,
        signed,
        careContactId,
        source);
  }

  @Override
  public String toString() {
    return "Diagnosis[redacted]";
  }
}
