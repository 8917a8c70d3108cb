package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * Something that has happened to a referral or another request on its way, as the API serves it
 * (GetRequestActivities). A request has one for each time its status changed, or only its latest,
 * as the source chooses. Texts are plain text: whoever shows them as HTML must escape them.
 * Immutable; its content does not print.
 *
 * @param id the same at every reading of the same event; 24 characters, safe in URLs, and a hyphen
 *     and a number where a source has the same event more than once
 * @param senderRequestId the sender's id of the request
 * @param receiverRequestId the receiver's id of the request
 * @param type kind of request, the contract's code 1 to 10
 * @param medium how it was sent, the contract's code 1 to 10
 * @param status the contract's code 10 to 170
 * @param time when it happened
 * @param sender who sent the request
 * @param sendingUnit the unit that sent it
 * @param receiver who got the request
 * @param receivingUnit the unit that got it
 * @param careUnit the HSA-id of the care unit that owns the record of it
 * @param sourceSystem the system that holds the record of it
 * @param source the logical address that was asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "id",
  "senderRequestId",
  "receiverRequestId",
  "type",
  "medium",
  "status",
  "time",
  "sender",
  "sendingUnit",
  "receiver",
  "receivingUnit",
  "careUnit",
  "sourceSystem",
  "source"
})
public record RequestStatus(
    String id,
    @Nullable String senderRequestId,
    @Nullable String receiverRequestId,
    @Nullable Code type,
    @Nullable Code medium,
    @Nullable Code status,
    DayOrTime time,
    @Nullable String sender,
    @Nullable Unit sendingUnit,
    @Nullable String receiver,
    @Nullable Unit receivingUnit,
    @Nullable String careUnit,
    @Nullable String sourceSystem,
    String source)
    implements ReadModelItem {

  @Override
  public RequestStatus withId(String other) {
    return new RequestStatus(
        other,
        senderRequestId,
        receiverRequestId,
        type,
        medium,
        status,
        time,
        sender,
        sendingUnit,
        receiver,
        receivingUnit,
        careUnit,
        sourceSystem,
        source);
  }

  @Override
  public String toString() {
    return "RequestStatus[redacted]";
  }
}
