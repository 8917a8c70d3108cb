package se.samflode.exchange;

import java.util.List;
import se.samflode.exchange.Notifications.Outcome;
import se.samflode.index.EngagementTransaction;
import se.samflode.index.UpdateRules;

/** The calls to one subscriber, made while its lease is held. For one thread. */
final class Sending {

  private final Notifications notifications;
  private final Hold hold;

  /** What is told at once: less where it seems to take longer than we wait. */
  private int most = UpdateRules.MAX_TRANSACTIONS;

  Sending(Notifications notifications, Hold hold) {
    this.notifications = notifications;
    this.hold = hold;
  }

  /** The lease under which is told. */
  interface Hold {

    /** Makes it last as long as a call and what is written after it; false if it is lost. */
    boolean keep();

    /** Whether it certainly lasts as long as a call that begins now: looked at last of all. */
    boolean outlastsACall();
  }

  /** Changes that are told at once by now, 1 to 1,000. */
  int most() {
    return most;
  }

  /** Whether the subscriber is ours to tell, and stays so long enough to tell it something. */
  boolean isOurs() {
    return hold.keep();
  }

  /**
   * Makes the call and returns when it has ended.
   *
   * @param transactions 1 to {@link #most}, no two with one key
   */
  Outcome send(Subscriber to, List<EngagementTransaction> transactions) {
    if (!isOurs()) {
      return new Outcome.NotOurs();
    }
    Outcome outcome = notifications.send(to, transactions, hold::outlastsACall);
    int told = transactions.size();
    if (outcome instanceof Outcome.Unanswered) {
      most = Math.max(1, told / 2);
    } else if (outcome instanceof Outcome.Delivered && told >= most) {
      most = Math.min(UpdateRules.MAX_TRANSACTIONS, most + most / 10 + 1);
    }
    return outcome;
  }
}
