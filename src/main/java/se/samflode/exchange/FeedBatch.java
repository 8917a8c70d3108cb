package se.samflode.exchange;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import se.samflode.index.Change;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementKey;

/**
 * Changes to tell at once, and how far a subscriber has been told when they are. Immutable.
 *
 * @param wanted no two with one key; in each bucket by position
 * @param positions by bucket, of those buckets that have moved
 * @param gap whether the feed no longer has something in between
 */
record FeedBatch(List<Change> wanted, Map<Integer, Long> positions, boolean gap) {

  /**
   * The first of some buckets: no more than it takes to read so many changes, since each costs.
   *
   * @param from positions by bucket, from which is to be read
   * @param ends the last position of each of them
   * @param ofEach most changes that are read of one bucket
   */
  static SortedMap<Integer, Long> enough(
      SortedMap<Integer, Long> from, Map<Integer, Long> ends, int ofEach, int changes) {
    SortedMap<Integer, Long> enough = new TreeMap<>();
    long found = 0;
    for (Map.Entry<Integer, Long> bucket : from.entrySet()) {
      if (found >= changes) {
        break;
      }
      enough.put(bucket.getKey(), bucket.getValue());
      found += Math.min(ofEach, ends.getOrDefault(bucket.getKey(), 0L) - bucket.getValue());
    }
    return enough;
  }

  /** A reader's positions in those buckets in which the feed goes beyond them. */
  static SortedMap<Integer, Long> beyond(Map<Integer, Long> positions, Map<Integer, Long> ends) {
    SortedMap<Integer, Long> beyond = new TreeMap<>();
    ends.forEach((bucket, end) -> {
      long position = positions.getOrDefault(bucket, 0L);
      if (end > position) {
        beyond.put(bucket, position);
      }
    });
    return beyond;
  }

  /**
   * Where to read on: after the bucket that was last, so that none waits for a busy one.
   *
   * @param news positions in buckets that the feed goes beyond
   * @param ends the last position of each of them
   * @param ofEach most changes that are read of one bucket
   */
  static SortedMap<Integer, Long> next(
      SortedMap<Integer, Long> news,
      int lastBucket,
      Map<Integer, Long> ends,
      int ofEach,
      int changes) {
    SortedMap<Integer, Long> after = news.tailMap(lastBucket + 1);
    return enough(after.isEmpty() ? news : after, ends, ofEach, changes);
  }

  /**
   * What can be told of changes that were read.
   *
   * @param from positions by bucket, beyond which all was read
   * @param read in each bucket by position
   * @param most changes that are told at once, 1 to 1,000
   */
  static FeedBatch of(
      Map<Integer, Long> from, List<Change> read, int most, Predicate<Engagement> wants) {
    List<Change> wanted = new ArrayList<>();
    Map<Integer, Long> positions = new HashMap<>();
    boolean gap = false;
    Set<EngagementKey> keys = new HashSet<>();
    Set<Integer> ended = new HashSet<>();
    for (Change change : read) {
      int bucket = change.bucket();
      if (ended.contains(bucket)) {
        continue;
      }
      if (wants.test(change.engagement())) {
        if (wanted.size() == most) {
          break;
        }
        // Receivers refuse a request that names a key twice: its bucket goes on with the next one.
        if (!keys.add(change.key())) {
          ended.add(bucket);
          continue;
        }
        wanted.add(change);
      }
      gap |= isGap(positions, from, change);
      positions.put(bucket, change.position());
    }
    return new FeedBatch(List.copyOf(wanted), Map.copyOf(positions), gap);
  }

  /** The last bucket that has moved, -1 if none has. */
  int lastBucket() {
    return positions.keySet().stream().max(Integer::compare).orElse(-1);
  }

  /**
   * The ends of buckets of which the feed has nothing left, though it has moved on.
   *
   * @param asked buckets of each of which something was read, if it has something
   */
  static Map<Integer, Long> vanished(
      Set<Integer> asked, Map<Integer, Long> ends, List<Change> read) {
    Set<Integer> gone = new HashSet<>(asked);
    read.forEach(change -> gone.remove(change.bucket()));
    return gone.stream().collect(Collectors.toMap(b -> b, b -> ends.getOrDefault(b, 0L)));
  }

  /**
   * The changes of each bucket that are older than a time, up to the first that is not; of a key
   * the last of them.
   */
  static FeedBatch olderThan(
      Instant time, Map<Integer, Long> from, List<Change> read, Predicate<Engagement> wants) {
    Map<EngagementKey, Change> wanted = new LinkedHashMap<>();
    Map<Integer, Long> positions = new HashMap<>();
    boolean gap = false;
    Set<Integer> ended = new HashSet<>();
    for (Change change : read) {
      int bucket = change.bucket();
      if (!change.changedAt().isBefore(time)) {
        ended.add(bucket);
      }
      if (!ended.contains(bucket)) {
        if (wants.test(change.engagement())) {
          wanted.put(change.key(), change);
        }
        gap |= isGap(positions, from, change);
        positions.put(bucket, change.position());
      }
    }
    return new FeedBatch(List.copyOf(wanted.values()), Map.copyOf(positions), gap);
  }

  private static boolean isGap(
      Map<Integer, Long> positions, Map<Integer, Long> from, Change change) {
    int bucket = change.bucket();
    return change.position() > positions.getOrDefault(bucket, from.getOrDefault(bucket, 0L)) + 1;
  }
}
