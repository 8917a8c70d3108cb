package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * A referral that is answered. Its content does not print.
 *
 * @param id of the referral, in the source
 * @param reason what it asks, several lines
 * @param author who wrote it
 * @param careContactId the source's id of the contact with care it was written at
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "reason", "time", "author", "careContactId"})
public record Referral(
    @Nullable String id,
    @Nullable String reason,
    @Nullable DayOrTime time,
    @Nullable Professional author,
    @Nullable String careContactId) {

  /** Of the type Referral of version 3; {@code null} if it is not there. */
  static @Nullable Referral of(XmlNode node) throws BrokenRule {
    if (!node.holdsElements()) {
      return null;
    }
    return new Referral(
        node.plain("referralId"),
        node.shown("referralReason"),
        node.time("referralTime"),
        Professional.of(node.child("referralAuthor")),
        node.plain("careContactId"));
  }

  @Override
  public String toString() {
    return "Referral[redacted]";
  }
}
