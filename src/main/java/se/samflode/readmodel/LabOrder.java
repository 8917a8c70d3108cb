package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order that a laboratory answers. Its content does not print.
 *
 * @param id of the order, in the source
 * @param question what the answer is to tell, several lines
 * @param services what was ordered
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "question", "time", "services", "requester"})
public record LabOrder(
    @Nullable String id,
    @Nullable String question,
    @Nullable DayOrTime time,
    List<Code> services,
    @Nullable Professional requester) {

  /** Copies the list. */
  public LabOrder {
    services = List.copyOf(services);
  }

  /** Of the type Order of version 3; {@code null} if it says nothing. */
  static @Nullable LabOrder order(XmlNode order) throws BrokenRule {
    String id = order.plain("orderId");
    String question = order.shown("orderReason");
    boolean nothing = id == null && question == null;
    return nothing ? null : new LabOrder(id, question, null, List.of(), null);
  }

  /** Of the type Referral of version 4; {@code null} if it is not there. */
  static @Nullable LabOrder referral(XmlNode referral) throws BrokenRule {
    if (!referral.holdsElements()) {
      return null;
    }
    return new LabOrder(
        referral.identifier("identifier"),
        referral.shown("question"),
        referral.time("timestamp"),
        referral.list("requestedCareService", XmlNode::code),
        Professional.actor(referral.child("requester")));
  }

  @Override
  public String toString() {
    return "LabOrder[redacted]";
  }
}
