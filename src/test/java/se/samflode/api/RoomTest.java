package se.samflode.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoomTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong(42);
  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private final Room room = new Room("test", 10, 5, now::get, metrics);

  @Test
  void refusesBatchWorkFirst() {
    // when
    List<Room.Place> batch = take(5, true);
    boolean sixth = room.enter(true) != null;
    List<Room.Place> others = take(5, false);
    boolean eleventh = room.enter(false) != null;

    // then
    assertThat(batch).hasSize(5);
    assertThat(sixth).isFalse();
    assertThat(others).hasSize(5);
    assertThat(eleventh).isFalse();
    assertThat(metrics.get("samflode.room.taken").gauge().value()).isEqualTo(10);
    assertThat(metrics.get("samflode.room.refused").tag("batch", "true").counter().count())
        .isEqualTo(1);
    assertThat(metrics.get("samflode.room.refused").tag("batch", "false").counter().count())
        .isEqualTo(1);
  }

  @Test
  void aPlaceThatIsGivenBackIsThereForTheNext() {
    // given
    take(10, false);
    List<Room.Place> none = take(1, true);
    assertThat(none).isEmpty();

    // when
    Room other = new Room("other", 1, 1, now::get, metrics);
    Room.Place first = Objects.requireNonNull(other.enter(true));
    boolean whileTaken = other.enter(true) != null;
    first.close();

    // then
    assertThat(whileTaken).isFalse();
    assertThat(other.enter(true)).isNotNull();
  }

  @Test
  void isFullForLongOnlyAfterSecondsWithoutRoom() {
    // given
    List<Room.Place> all = take(10, false);

    // when
    now.addAndGet(2 * SECOND);
    boolean soon = room.isFullForLong();
    all.removeLast().close();
    now.addAndGet(SECOND);
    boolean hardlyAnyFree = room.isFullForLong();
    all.removeLast().close();
    all.removeLast().close();
    boolean withAFifthFree = room.isFullForLong();
    all.addAll(take(2, false));
    now.addAndGet(5 * SECOND);
    boolean neverFullSince = room.isFullForLong();

    // then
    assertThat(soon).isFalse();
    assertThat(hardlyAnyFree).isTrue();
    assertThat(withAFifthFree).isFalse();
    assertThat(neverFullSince).isFalse();
  }

  @Test
  void neverHoldsMoreThanItHasAndLosesNoPlace() throws Exception {
    // given
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // when
      List<Future<?>> crowd = new ArrayList<>();
      for (int caller = 0; caller < 200; caller++) {
        boolean batch = caller % 2 == 0;
        crowd.add(
            threads.submit(() -> {
              for (int times = 0; times < 200; times++) {
                try (Room.Place place = room.enter(batch)) {
                  if (place != null) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    inside.decrementAndGet();
                  }
                }
              }
            }));
      }
      for (Future<?> one : crowd) {
        one.get();
      }
    }

    // then
    assertThat(most.get()).isBetween(1, 10);
    assertThat(take(5, true)).hasSize(5);
    assertThat(take(6, false)).hasSize(5);
  }

  private List<Room.Place> take(int places, boolean batch) {
    return new ArrayList<>(
        IntStream.range(0, places)
            .mapToObj(n -> room.enter(batch))
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .toList());
  }
}
