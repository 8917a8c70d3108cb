package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * Something a record says, with the kind of what it says; at least one of the two is there. Its
 * content does not print.
 *
 * @param text several lines
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"code", "text"})
public record ClinicalFinding(@Nullable Code code, @Nullable String text) {

  /** Of the type ClinicalInformation; {@code null} if it says nothing. */
  static @Nullable ClinicalFinding of(XmlNode node) throws BrokenRule {
    Code code = node.code("clinicalInformationCode");
    String text = node.shown("clinicalInformationText");
    return code == null && text == null ? null : new ClinicalFinding(code, text);
  }

  @Override
  public String toString() {
    return "ClinicalFinding[redacted]";
  }
}
