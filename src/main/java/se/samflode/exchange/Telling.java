package se.samflode.exchange;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.contract.Reason;
import se.samflode.exchange.Leases.Lease;
import se.samflode.exchange.Notifications.Outcome;
import se.samflode.exchange.SubscriberStore.Progress;
import se.samflode.index.Change;
import se.samflode.index.EngagementTransaction;

/** One subscriber's way through the feed while its lease is held. For one thread. */
final class Telling {

  private static final Logger LOG = LoggerFactory.getLogger(Telling.class);

  /** So often in a row is a delivery refused before the change that is not taken is looked for. */
  private static final int SEARCHED_AFTER = 2;

  /** Changes read at once: more than are sent, for those whom filters leave little. */
  private static final int READ = 2000;

  /**
   * Of one bucket no more: a key stands once in a delivery, so each takes but a few of a bucket in
   * which the same keys change all the time.
   */
  private static final int READ_OF_EACH = 100;

  /** Deliveries of what was read at once, while other buckets wait. */
  private static final int WHILE_OTHERS_WAIT = 10;

  private final String key;
  private final Map<Integer, Long> positions;
  private final Delivery with;
  private final Sending sending;
  private final Suspects suspects;
  private int lastBucket = -1;
  private int refusals;
  private boolean suspectsTurn;

  /** What has been read and not been told. */
  private List<Change> read = List.of();

  private int deliveriesOfIt;

  /**
   * Begins where the subscriber has been told to.
   *
   * @param positions by bucket; kept up to date here
   */
  Telling(String key, Map<Integer, Long> positions, Delivery with, Sending sending) {
    this.key = key;
    this.positions = positions;
    this.with = with;
    this.sending = sending;
    this.suspects = new Suspects(with.settings(), System::nanoTime);
  }

  /** Whether the feed goes beyond what has been told, in a bucket that does not wait. */
  boolean hasNews(Map<Integer, Long> ends) {
    return suspects.due().isPresent()
        || ends.entrySet().stream().anyMatch(end -> isBeyond(end) && !suspects.waits(end.getKey()));
  }

  /** Tells the next changes; null if nothing was to be sent, or one was refused once more. */
  @Nullable Outcome tell(Lease lease, Subscriber to, Map<Integer, Long> ends) {
    // In turns: many that are refused must not hold up all others.
    suspectsTurn = !suspectsTurn;
    OptionalInt due = suspects.due();
    if (suspectsTurn && due.isPresent()) {
      return tellAgain(lease, to, due.getAsInt());
    }
    SortedMap<Integer, Long> news = news(ends);
    news.keySet().removeIf(suspects::waits);
    if (!goesOnWithWhatWasRead(news.keySet())) {
      Map<Integer, Long> vanished = read(news, ends);
      if (!vanished.isEmpty()) {
        return moved(lease, new Progress(vanished, List.of(), false, true));
      }
    }
    if (read.isEmpty()) {
      return null;
    }
    FeedBatch batch = FeedBatch.of(positions, read, sending.most(), to::wants);
    if (batch.wanted().isEmpty()) {
      lastBucket = batch.lastBucket();
      return moved(lease, new Progress(batch.positions(), List.of(), false, batch.gap()));
    }
    return deliver(lease, to, batch, ends);
  }

  /** Whether something is left of what was read, and no other bucket has waited long for it. */
  private boolean goesOnWithWhatWasRead(Set<Integer> news) {
    read = read.stream().filter(change -> !suspects.waits(change.bucket())).toList();
    Set<Integer> buckets = read.stream().map(Change::bucket).collect(Collectors.toSet());
    return !read.isEmpty() && (deliveriesOfIt < WHILE_OTHERS_WAIT || buckets.containsAll(news));
  }

  /** Reads on; the ends of buckets of which the feed has nothing left, though it has moved on. */
  private Map<Integer, Long> read(SortedMap<Integer, Long> news, Map<Integer, Long> ends) {
    read = List.of();
    deliveriesOfIt = 0;
    if (news.isEmpty()) {
      return Map.of();
    }
    Map<Integer, Long> from = FeedBatch.next(news, lastBucket, ends, READ_OF_EACH, READ);
    read = with.feed().read(from, READ_OF_EACH, READ);
    return read.size() < READ ? FeedBatch.vanished(from.keySet(), ends, read) : Map.of();
  }

  private @Nullable Outcome moved(Lease lease, Progress progress) {
    return advance(lease, progress) ? null : new Outcome.NotOurs();
  }

  private Outcome deliver(Lease lease, Subscriber to, FeedBatch batch, Map<Integer, Long> ends) {
    deliveriesOfIt++;
    // Where all that it takes may stand behind what it does not.
    boolean givesUp = refusals >= with.settings().refusals();
    boolean searched = givesUp || refusals >= SEARCHED_AFTER;
    Isolation<Change> isolation =
        new Isolation<>(
            Telling::transaction, givesUp ? c -> c : Change::bucket, t -> sending.send(to, t));
    Outcome outcome =
        searched ? isolation.tell(batch.wanted()) : isolation.tellAtOnce(batch.wanted());
    if (givesUp && outcome instanceof Outcome.Delivered) {
      outcome = isolation.tellRefusedAgain();
    }
    if (searched || !(outcome instanceof Outcome.Refused)) {
      // What is refused is told again until the change that is not taken is looked for, however
      // much other buckets have to tell.
      if (!(outcome instanceof Outcome.Delivered)) {
        // Also so that a subscriber that takes nothing for days takes no memory.
        read = List.of();
      }
      // Where all that was tried is refused, the next search goes on behind it.
      lastBucket =
          outcome instanceof Outcome.Refused
              ? isolation.refused().keySet().stream()
                  .map(Change::bucket)
                  .reduce(batch.lastBucket(), (all, last) -> last)
              : batch.lastBucket();
    }
    return switch (outcome) {
      case Outcome.Delivered delivered -> {
        refusals = 0;
        with.metrics().delivered(key, isolation.delivered());
        yield givesUp
            ? taken(lease, batch, batch.positions(), letters(isolation.refused()))
            : takenButFor(lease, batch, isolation.refused());
      }
      case Outcome.Refused(Reason reason) -> {
        refusals++;
        giveUpOld(lease, to, ends, reason);
        yield outcome;
      }
      case Outcome.Unanswered(Reason reason) -> {
        giveUpOld(lease, to, ends, reason);
        yield outcome;
      }
      case Outcome.NotOurs notOurs -> notOurs;
    };
  }

  private Outcome taken(
      Lease lease, FeedBatch batch, Map<Integer, Long> told, List<DeadLetter> givenUp) {
    return advance(lease, new Progress(told, givenUp, true, batch.gap()))
        ? new Outcome.Delivered()
        : new Outcome.NotOurs();
  }

  private Outcome takenButFor(Lease lease, FeedBatch batch, Map<Change, Reason> refused) {
    Map<Integer, Long> told = new HashMap<>(batch.positions());
    refused.keySet().forEach(one -> told.put(one.bucket(), one.position() - 1));
    Outcome outcome = taken(lease, batch, told, List.of());
    if (outcome instanceof Outcome.Delivered) {
      refused.forEach(this::suspect);
    }
    return outcome;
  }

  private void suspect(Change change, Reason reason) {
    suspects.add(change);
    noteRefusal(reason);
    LOG.atWarn()
        .addKeyValue("event", "subscriber.change-refused")
        .addKeyValue("subscriber", key)
        .addKeyValue("reason", reason.code())
        .log("a subscriber does not take a change, while it takes others; its bucket waits");
  }

  private void noteRefusal(Reason reason) {
    with.metrics().failed(key, reason);
    with.store().failed(key, reason);
  }

  /** Tells once more, by itself, the change that a bucket waits for; null if it is refused. */
  private @Nullable Outcome tellAgain(Lease lease, Subscriber to, int bucket) {
    Map<Integer, Long> from = Map.of(bucket, positions.getOrDefault(bucket, 0L));
    FeedBatch batch = FeedBatch.of(from, with.feed().read(from, READ_OF_EACH, READ), 1, to::wants);
    if (batch.wanted().isEmpty() || !suspects.has(batch.wanted().getFirst())) {
      // It has been given up for its age, or is not wanted any more.
      suspects.remove(bucket);
      return null;
    }
    Change change = batch.wanted().getFirst();
    Outcome outcome = sending.send(to, List.of(transaction(change)));
    return switch (outcome) {
      case Outcome.Delivered delivered -> {
        suspects.remove(bucket);
        with.metrics().delivered(key, 1);
        yield taken(lease, batch, batch.positions(), List.of());
      }
      case Outcome.Refused(Reason reason) -> {
        noteRefusal(reason);
        if (!suspects.refusedAgain(change, refusals == 0)) {
          yield null;
        }
        suspects.remove(bucket);
        List<DeadLetter> givenUp = letters(Map.of(change, reason));
        yield moved(lease, new Progress(batch.positions(), givenUp, false, batch.gap()));
      }
      case Outcome.Unanswered unanswered -> {
        suspects.refusedAgain(change, false);
        yield unanswered;
      }
      case Outcome.NotOurs notOurs -> notOurs;
    };
  }

  /** Gives up what is too old by now, in all buckets, for a subscriber that has just failed. */
  private void giveUpOld(Lease lease, Subscriber to, Map<Integer, Long> ends, Reason reason) {
    Instant oldest = with.feed().now().minus(with.settings().giveUpAfter());
    SortedMap<Integer, Long> left = with.feed().beforeOld(news(ends), oldest);
    while (!left.isEmpty() && sending.isOurs()) {
      Map<Integer, Long> from = FeedBatch.enough(left, ends, READ, READ);
      List<Change> changes = with.feed().read(from, READ, READ);
      FeedBatch old = FeedBatch.olderThan(oldest, from, changes, to::wants);
      Map<Change, Reason> why = new LinkedHashMap<>();
      old.wanted().forEach(change -> why.put(change, reason));
      Progress progress = new Progress(old.positions(), letters(why), false, old.gap());
      if (old.positions().isEmpty() || !advance(lease, progress)) {
        return;
      }
      left.keySet().removeAll(old.positions().keySet());
      left.putAll(with.feed().beforeOld(old.positions(), oldest));
    }
  }

  private boolean advance(Lease lease, Progress progress) {
    if (!with.store().advance(lease, key, progress)) {
      return false;
    }
    positions.putAll(progress.positions());
    read = read.stream().filter(change -> !isTold(change)).toList();
    if (!progress.givenUp().isEmpty()) {
      LOG.atWarn()
          .addKeyValue("event", "subscriber.gave-up")
          .addKeyValue("subscriber", key)
          .addKeyValue("changes", progress.givenUp().size())
          .addKeyValue("reason", progress.givenUp().iterator().next().reason().code())
          .log("changes were not told to a subscriber and stand in dead_letter");
    }
    if (progress.seedAnew()) {
      LOG.atError()
          .addKeyValue("event", "subscriber.seed-anew")
          .addKeyValue("subscriber", key)
          .log("the feed no longer has what a subscriber has not been told");
    }
    return true;
  }

  /** Positions in those buckets in which the feed goes beyond what has been told. */
  SortedMap<Integer, Long> news(Map<Integer, Long> ends) {
    return FeedBatch.beyond(positions, ends);
  }

  private boolean isTold(Change change) {
    return change.position() <= positions.getOrDefault(change.bucket(), 0L);
  }

  private boolean isBeyond(Map.Entry<Integer, Long> end) {
    return end.getValue() > positions.getOrDefault(end.getKey(), 0L);
  }

  private static EngagementTransaction transaction(Change change) {
    return new EngagementTransaction(change.deleted(), change.engagement());
  }

  private static List<DeadLetter> letters(Map<Change, Reason> refused) {
    return refused.entrySet().stream().map(e -> DeadLetter.of(e.getKey(), e.getValue())).toList();
  }
}
