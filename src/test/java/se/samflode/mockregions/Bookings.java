package se.samflode.mockregions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** All booked times as the booking systems have them now. Thread-safe. */
final class Bookings {

  private final Map<String, List<BookingFact>> byResident;

  /**
   * @param first by resident
   */
  Bookings(Map<String, List<BookingFact>> first) {
    this.byResident = new ConcurrentHashMap<>(first);
  }

  /** A resident's bookings in all systems, in the order they were made. */
  List<BookingFact> of(String resident) {
    return List.copyOf(byResident.getOrDefault(resident, List.of()));
  }

  Stream<BookingFact> all() {
    return byResident.values().stream().flatMap(List::stream);
  }

  /** Adds a booking; one of the same system with the same id gives it its place. */
  void put(BookingFact booking) {
    byResident.compute(
        booking.residentId(),
        (resident, before) -> {
          List<BookingFact> after = before == null ? new ArrayList<>() : new ArrayList<>(before);
          int place = 0;
          while (place < after.size() && !isSame(after.get(place), booking)) {
            place++;
          }
          if (place < after.size()) {
            after.set(place, booking);
          } else {
            after.add(booking);
          }
          return List.copyOf(after);
        });
  }

  void remove(BookingFact booking) {
    byResident.computeIfPresent(
        booking.residentId(),
        (resident, before) -> before.stream().filter(one -> !isSame(one, booking)).toList());
  }

  private static boolean isSame(BookingFact one, BookingFact other) {
    return one.producer().equals(other.producer()) && one.bookingId().equals(other.bookingId());
  }
}
