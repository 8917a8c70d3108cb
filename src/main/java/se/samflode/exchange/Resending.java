package se.samflode.exchange;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.exchange.Leases.Lease;
import se.samflode.exchange.Notifications.Outcome;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementKey;

/** Sends one subscriber's dead letters again, when asked to. For one thread. */
final class Resending {

  private static final Logger LOG = LoggerFactory.getLogger(Resending.class);

  private final String key;
  private final Delivery with;
  private final Sending sending;

  Resending(String key, Delivery with, Sending sending) {
    this.key = key;
    this.with = with;
    this.sending = sending;
  }

  /**
   * Sends dead letters again, in their present state; null if none is left, or the feed is to be
   * told first.
   *
   * @param telling how far the feed has been told under the same lease
   */
  @Nullable Outcome resend(Lease lease, Subscriber to, Telling telling) {
    List<DeadLetter> asked = with.store().toResend(key, sending.most());
    if (asked.isEmpty()) {
      return with.store().resent(lease, key, asked, asked) ? null : new Outcome.NotOurs();
    }
    List<DeadLetter> unwanted =
        asked.stream().filter(letter -> !to.wants(letter.engagement())).toList();
    if (!unwanted.isEmpty()) {
      return with.store().unwanted(lease, key, unwanted) ? null : new Outcome.NotOurs();
    }
    Map<EngagementKey, String> residents = new LinkedHashMap<>();
    asked.forEach(letter -> residents.put(letter.key(), letter.engagement().resident()));
    Map<EngagementKey, Engagement> present = with.index().present(residents);
    // Read after it: where all up to these ends has been told, nothing older is told afterwards.
    SortedMap<Integer, Long> news = telling.news(with.feed().ends());
    List<DeadLetter> letters =
        asked.stream().filter(letter -> !news.containsKey(letter.bucket())).toList();
    if (letters.isEmpty()) {
      return null;
    }
    Isolation<DeadLetter> isolation =
        new Isolation<>(
            letter -> letter.now(present.get(letter.key())),
            DeadLetter::key,
            t -> sending.send(to, t));
    Outcome outcome = isolation.tell(letters);
    if (outcome instanceof Outcome.Delivered) {
      outcome = isolation.tellRefusedAgain();
    }
    return switch (outcome) {
      case Outcome.Delivered delivered -> resent(lease, letters, isolation.refused().keySet());
      case Outcome.Refused refused -> {
        // What was not tried by itself is tried next; what was is behind it.
        List<DeadLetter> tried = List.copyOf(isolation.refused().keySet());
        yield resent(lease, tried, tried) == null ? refused : new Outcome.NotOurs();
      }
      case Outcome.Unanswered unanswered -> unanswered;
      case Outcome.NotOurs notOurs -> notOurs;
    };
  }

  private @Nullable Outcome resent(
      Lease lease, List<DeadLetter> letters, Collection<DeadLetter> stays) {
    List<DeadLetter> told = letters.stream().filter(letter -> !stays.contains(letter)).toList();
    if (!with.store().resent(lease, key, told, stays)) {
      return new Outcome.NotOurs();
    }
    with.metrics().delivered(key, told.size());
    LOG.atInfo()
        .addKeyValue("event", "subscriber.resent")
        .addKeyValue("subscriber", key)
        .addKeyValue("delivered", told.size())
        .addKeyValue("refused", stays.size())
        .log("dead letters were sent again");
    return told.isEmpty() ? null : new Outcome.Delivered();
  }
}
