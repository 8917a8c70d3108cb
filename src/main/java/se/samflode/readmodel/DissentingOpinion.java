package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * An opinion on a note that differs from it. Who holds it is not told: it is the resident, whose
 * identity is in no read model. Its content does not print.
 *
 * @param id of the opinion, in the source
 * @param time when it was noted
 * @param text several lines
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "time", "text"})
public record DissentingOpinion(
    @Nullable String id, @Nullable DayOrTime time, @Nullable String text) {

  /** Of the type DissentingOpinion. */
  static DissentingOpinion of(XmlNode node) throws BrokenRule {
    return new DissentingOpinion(
        node.identifier("opinionId"), node.time("authorTime"), node.shown("opinion"));
  }

  @Override
  public String toString() {
    return "DissentingOpinion[redacted]";
  }
}
