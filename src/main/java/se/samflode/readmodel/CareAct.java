package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that was done with the resident. Its content does not print.
 *
 * @param id of the act, in the source
 * @param code what was done
 * @param text what was done, in words
 * @param attachments pictures and documents that came of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "code", "text", "time", "attachments"})
public record CareAct(
    @Nullable String id,
    @Nullable Code code,
    @Nullable String text,
    @Nullable DayOrTime time,
    List<Attachment> attachments) {

  /** Copies the list. */
  public CareAct {
    attachments = List.copyOf(attachments);
  }

  /** Of the type Act. */
  static CareAct of(XmlNode node) throws BrokenRule {
    return new CareAct(
        node.plain("actId"),
        node.code("actCode"),
        node.shown("actText"),
        node.time("actTime"),
        node.list("actResult", Attachment::of));
  }

  @Override
  public String toString() {
    return "CareAct[redacted]";
  }
}
