package se.samflode.federation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** What is to be done at its time, and no more than so many things at once. Thread-safe. */
final class Later<T> {

  private record Entry<T>(Instant due, T what) {}

  private final int most;
  private final PriorityQueue<Entry<T>> entries =
      new PriorityQueue<>(Comparator.comparing(Entry::due));

  Later(int most) {
    this.most = most;
  }

  /** Takes something, unless there are too many already. */
  synchronized boolean offer(Instant due, T what) {
    return entries.size() < most && entries.add(new Entry<>(due, what));
  }

  /** Hands out what is due. */
  synchronized List<T> due(Instant now) {
    List<T> due = new ArrayList<>();
    while (!entries.isEmpty() && !entries.element().due().isAfter(now)) {
      due.add(entries.remove().what());
    }
    return due;
  }
}
