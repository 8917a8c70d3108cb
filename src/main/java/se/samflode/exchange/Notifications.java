package se.samflode.exchange;

import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.xml.stream.XMLStreamException;
import org.springframework.stereotype.Component;
import se.samflode.contract.Reason;
import se.samflode.index.EngagementTransaction;

/** Sends one ProcessNotification to a subscriber. Thread-safe. */
@Component
class Notifications {

  private final SoapCalls calls;

  Notifications(SoapCalls calls) {
    this.calls = calls;
  }

  /** What became of a delivery. */
  sealed interface Outcome {

    /** Answered OK or INFO. */
    record Delivered() implements Outcome {}

    /** The subscriber has got it and does not take it: a fault, or ERROR. */
    record Refused(Reason reason) implements Outcome {}

    /** Whether the subscriber has got it is not known. */
    record Unanswered(Reason reason) implements Outcome {}

    /** Nothing was sent: another node tells the subscriber now. */
    record NotOurs() implements Outcome {}
  }

  /**
   * Makes the call and returns when it has ended.
   *
   * @param transactions 1 to 1,000, no two with one key
   * @param stillOurs asked last of all before the call, whether the subscriber is ours to tell
   */
  Outcome send(Subscriber to, List<EngagementTransaction> transactions, BooleanSupplier stillOurs) {
    String body;
    try {
      body = NotificationXml.request(transactions);
    } catch (XMLStreamException e) {
      // As if the subscriber did not take it: then it is found which change it is.
      return new Outcome.Refused(Reason.MALFORMED);
    }
    SoapResult<Boolean> result =
        calls.call(
            new SoapCall(
                "notify-subscriber",
                to.url(),
                to.sslBundle(),
                to.logicalAddress(),
                UUID.randomUUID().toString(),
                body,
                stillOurs),
            NotificationXml::delivered);
    return switch (result) {
      case SoapResult.Answered<Boolean>(Boolean delivered) ->
          delivered ? new Outcome.Delivered() : new Outcome.Refused(Reason.FAULT);
      case SoapResult.Failed<Boolean>(Reason reason) when reason == Reason.FAULT ->
          new Outcome.Refused(reason);
      case SoapResult.Failed<Boolean>(Reason reason) when reason == Reason.LIMITED ->
          new Outcome.NotOurs();
      case SoapResult.Failed<Boolean>(Reason reason) -> new Outcome.Unanswered(reason);
    };
  }
}
