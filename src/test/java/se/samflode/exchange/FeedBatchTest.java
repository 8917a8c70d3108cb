package se.samflode.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import se.samflode.index.Change;

class FeedBatchTest {

  private static final Instant NOW = Instant.parse("2026-11-24T09:30:00Z");
  private static final Map<Integer, Long> FROM = Map.of(1, 10L, 2, 0L);

  @Test
  void leavesABucketBeforeAKeyThatComesTwice() {
    // given
    List<Change> read =
        List.of(
            change(1, 11, "a"),
            change(1, 12, "b"),
            change(1, 13, "a"),
            change(1, 14, "d"),
            change(2, 1, "c"));

    // when
    FeedBatch batch = FeedBatch.of(FROM, read, 1000, e -> true);

    // then
    assertThat(batch.wanted()).containsExactly(read.get(0), read.get(1), read.get(4));
    assertThat(batch.positions()).isEqualTo(Map.of(1, 12L, 2, 1L));
    assertThat(batch.gap()).isFalse();
  }

  @Test
  void readsNoMoreBucketsThanItTakes() {
    // given
    Map<Integer, Long> ends = Map.of(1, 1_500L, 2, 600L, 3, 2_000L);
    SortedMap<Integer, Long> from = new TreeMap<>(Map.of(1, 100L, 2, 0L, 3, 0L));

    // when
    Map<Integer, Long> enough = FeedBatch.enough(from, ends, 2_000, 2_000);
    Map<Integer, Long> all = FeedBatch.enough(from, ends, 2_000, 2_001);

    // then
    assertThat(enough).isEqualTo(Map.of(1, 100L, 2, 0L));
    assertThat(all).isEqualTo(from);
  }

  @Test
  void readsMoreBucketsWhereItReadsLessOfEach() {
    // given
    Map<Integer, Long> ends = Map.of(1, 1_500L, 2, 60L, 3, 2_000L, 4, 5_000L);
    SortedMap<Integer, Long> from = new TreeMap<>(Map.of(1, 100L, 2, 0L, 3, 0L, 4, 0L));

    // when
    Map<Integer, Long> enough = FeedBatch.enough(from, ends, 100, 260);

    // then
    assertThat(enough).isEqualTo(Map.of(1, 100L, 2, 0L, 3, 0L));
  }

  @Test
  void endsAfterAsManyAsAreToldAtOnce() {
    // given
    List<Change> read =
        IntStream.rangeClosed(1, 1500).mapToObj(i -> change(2, i, "o" + i)).toList();

    // when
    FeedBatch batch = FeedBatch.of(FROM, read, 700, e -> true);

    // then
    assertThat(batch.wanted()).hasSize(700);
    assertThat(batch.positions()).isEqualTo(Map.of(2, 700L));
    assertThat(batch.lastBucket()).isEqualTo(2);
  }

  @Test
  void movesPastWhatIsNotWanted() {
    // given
    List<Change> read = List.of(change(1, 11, "a"), change(1, 12, "b"), change(2, 1, "c"));

    // when
    FeedBatch batch =
        FeedBatch.of(FROM, read, 1000, e -> e.businessObjectInstanceIdentifier().equals("b"));

    // then
    assertThat(batch.wanted()).containsExactly(read.get(1));
    assertThat(batch.positions()).isEqualTo(Map.of(1, 12L, 2, 1L));
  }

  @Test
  void seesGaps() {
    // given
    List<Change> read = List.of(change(1, 11, "a"), change(2, 5, "b"));

    // when
    FeedBatch batch = FeedBatch.of(FROM, read, 1000, e -> true);
    Map<Integer, Long> vanished =
        FeedBatch.vanished(Set.of(1, 2, 3), Map.of(1, 11L, 2, 5L, 3, 9L), read);

    // then
    assertThat(batch.gap()).isTrue();
    assertThat(batch.positions()).isEqualTo(Map.of(1, 11L, 2, 5L));
    assertThat(vanished).isEqualTo(Map.of(3, 9L));
  }

  @Test
  void takesOnlyTheOldBeginningOfEachBucket() {
    // given
    Change old = change(1, 11, "a", NOW.minusSeconds(100));
    Change young = change(1, 12, "b", NOW);
    Change behindIt = change(1, 13, "c", NOW.minusSeconds(100));
    Change other = change(2, 1, "d", NOW.minusSeconds(100));
    Change again = change(2, 2, "d", NOW.minusSeconds(90));

    // when
    FeedBatch batch =
        FeedBatch.olderThan(
            NOW.minusSeconds(10), FROM, List.of(old, young, behindIt, other, again), e -> true);

    // then
    assertThat(batch.wanted()).containsExactly(old, again);
    assertThat(batch.positions()).isEqualTo(Map.of(1, 11L, 2, 2L));
    assertThat(batch.gap()).isFalse();
  }

  private static Change change(int bucket, long position, String object) {
    return change(bucket, position, object, NOW);
  }

  private static Change change(int bucket, long position, String object, Instant at) {
    return new Change(
        bucket,
        position,
        at,
        false,
        NotifyingNode.engagement(NotifyingNode.RESIDENT, "Booking", object, null));
  }
}
