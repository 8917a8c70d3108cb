package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a referral, as the API serves it (GetReferralOutcome). Texts are plain text: whoever
 * shows them as HTML must escape them. Immutable; its content does not print.
 *
 * @param id the same at every reading of the same answer; 24 characters, safe in URLs, and a hyphen
 *     and a number where a source has the same answer more than once
 * @param documentId the source system's own id of it
 * @param sourceSystem the HSA-id of the system that holds it
 * @param status final, or preliminary where more is to come; absent if the source does not say so
 *     that it is known
 * @param sourceStatus the source's own code for that
 * @param time of the answer
 * @param text the answer, several lines
 * @param findings what else the answer says, by kind
 * @param acts what was done
 * @param referral what it answers
 * @param responsible who is responsible for the answer
 * @param signed who signed it
 * @param attested who attested it
 * @param careContactId the source's id of the contact with care it belongs to
 * @param source the logical address that was asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "id",
  "documentId",
  "sourceSystem",
  "title",
  "status",
  "sourceStatus",
  "time",
  "text",
  "findings",
  "acts",
  "referral",
  "responsible",
  "signed",
  "attested",
  "careContactId",
  "source"
})
public record ReferralOutcome(
    String id,
    @Nullable String documentId,
    @Nullable String sourceSystem,
    @Nullable String title,
    @Nullable ResultStatus status,
    @Nullable Code sourceStatus,
    @Nullable DayOrTime time,
    @Nullable String text,
    List<ClinicalFinding> findings,
    List<CareAct> acts,
    @Nullable Referral referral,
    @Nullable Professional responsible,
    @Nullable Professional signed,
    @Nullable Professional attested,
    @Nullable String careContactId,
    String source)
    implements ReadModelItem {

  /** Copies the lists. */
  public ReferralOutcome {
    findings = List.copyOf(findings);
    acts = List.copyOf(acts);
  }

  @Override
  public ReferralOutcome withId(String other) {
    return new ReferralOutcome(
        other,
        documentId,
        sourceSystem,
        title,
        status,
        sourceStatus,
        time,
        text,
        findings,
        acts,
        referral,
        responsible,
        signed,
        attested,
        careContactId,
        source);
  }

  @Override
  public String toString() {
    return "ReferralOutcome[redacted]";
  }
}
