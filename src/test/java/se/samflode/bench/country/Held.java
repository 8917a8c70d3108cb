package se.samflode.bench.country;

import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.MockRegions;
import se.samflode.testing.IndexClient;
import se.samflode.testing.IndexClient.Row;

/**
 * What a mock region has of one fragment, what it had at any time before, and when the index was
 * told. Times are seconds. Not thread-safe.
 */
final class Held {

  static final String DOMAIN = "riv:crm:scheduling";

  private static final int MOST = 5;

  private final MockRegions regions;
  private final int number;
  private final String resident;
  private final BookingFact pattern;
  private final LocalDateTime after;
  private final List<Revision> revisions = new ArrayList<>();
  private final List<Long> told = new ArrayList<>();
  private final Deque<Change> toCommit = new ArrayDeque<>();
  private final Deque<Change> toTell = new ArrayDeque<>();
  private final List<BookingFact> planned = new ArrayList<>();
  private final Set<Slot> committed = new HashSet<>();
  private int made;

  private record Revision(long from, Set<Slot> slots) {}

  /** At least one of them is there: a move, a new booking, a cancelled one. */
  private record Change(@Nullable BookingFact before, @Nullable BookingFact now) {}

  /**
   * Nothing yet.
   *
   * @param number of the fragment
   * @param pattern a booking at the care unit
   * @param after all bookings start later than this
   */
  Held(MockRegions regions, int number, String resident, BookingFact pattern, LocalDateTime after) {
    this.regions = regions;
    this.number = number;
    this.resident = resident;
    this.pattern = pattern;
    this.after = after;
  }

  /** Makes one to three bookings, and gives what the index is to be told of them. */
  List<Row> begin(long now, RandomGenerator random) {
    for (int count = 1 + random.nextInt(3); count > 0; count--) {
      BookingFact booking = fresh(random);
      planned.add(booking);
      apply(new Change(null, booking));
    }
    revisions.add(new Revision(now, Set.copyOf(committed)));
    told.add(now);
    return planned.stream().map(this::row).toList();
  }

  /** The producer's own data changes. */
  void commit(long now, Place.Habit habit, RandomGenerator random) {
    Change change =
        switch (habit) {
          case EARLY -> toCommit.remove();
          case INDEXES -> {
            Change planned = plan(random);
            toTell.add(planned);
            yield planned;
          }
          case SILENT -> plan(random);
        };
    apply(change);
    revisions.add(new Revision(now, Set.copyOf(committed)));
  }

  /** What the producer tells the index, as an envelope of an Update. */
  String tell(
      long now, Place.Habit habit, boolean empty, IndexClient index, RandomGenerator random) {
    told.add(now);
    if (empty) {
      return index.adding(List.of(row(planned.getFirst())));
    }
    Change change;
    if (habit == Place.Habit.EARLY) {
      change = plan(random);
      toCommit.add(change);
    } else {
      change = toTell.remove();
    }
    return change.now() != null
        ? index.adding(List.of(row(change.now())))
        : index.deleting(List.of(row(required(change.before()))));
  }

  /** Whether the region had just these at any time of a stretch, both ends included. */
  boolean had(Set<Slot> slots, long from, long to) {
    for (int i = 0; i < revisions.size(); i++) {
      long begins = revisions.get(i).from();
      long ends = i + 1 < revisions.size() ? revisions.get(i + 1).from() : Long.MAX_VALUE;
      if (begins <= to && ends > from && revisions.get(i).slots().equals(slots)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the index was told of something after one time and not later than another. */
  boolean toldBetween(long after, long until) {
    return told.stream().anyMatch(at -> at > after && at <= until);
  }

  /** When the index was last told, not later than this. */
  long lastTold(long until) {
    return told.stream().filter(at -> at <= until).reduce((a, b) -> b).orElse(Long.MIN_VALUE / 2);
  }

  private Change plan(RandomGenerator random) {
    double draw = random.nextDouble();
    int one = random.nextInt(planned.size());
    if (draw < 0.2 && planned.size() > 1) {
      return new Change(planned.remove(one), null);
    }
    BookingFact fresh = fresh(random);
    if (draw < 0.4 && planned.size() < MOST) {
      planned.add(fresh);
      return new Change(null, fresh);
    }
    BookingFact before = planned.get(one);
    planned.set(one, before.like(before.bookingId(), resident, fresh.start()));
    return new Change(before, planned.get(one));
  }

  private BookingFact fresh(RandomGenerator random) {
    String id = "C" + number + "-" + made++;
    int draw = random.nextInt(100_000);
    // From 8 to 16: at night an hour may be missing, and a booking that begins in it is none.
    return pattern.like(
        id, resident, after.plusDays(draw / 1440).plusHours(8).plusMinutes(draw % 1440 / 3));
  }

  private void apply(Change change) {
    if (change.before() != null) {
      committed.remove(slot(change.before()));
      if (change.now() == null) {
        regions.cancel(change.before());
      }
    }
    if (change.now() != null) {
      committed.add(slot(change.now()));
      regions.book(change.now());
    }
  }

  private static Slot slot(BookingFact booking) {
    return new Slot(booking.bookingId(), booking.start().atZone(SwedishTime.ZONE).toInstant());
  }

  private Row row(BookingFact booking) {
    return new Row(
        resident,
        DOMAIN,
        booking.careUnit(),
        booking.bookingId(),
        String.format(Locale.ROOT, "%tY%<tm%<td%<tH%<tM%<tS", booking.start()));
  }

  private static BookingFact required(@Nullable BookingFact booking) {
    if (booking == null) {
      throw new IllegalStateException("a change without a booking");
    }
    return booking;
  }
}
