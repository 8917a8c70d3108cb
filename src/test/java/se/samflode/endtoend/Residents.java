package se.samflode.endtoend;

import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.Resident;
import se.samflode.mockregions.Resident.Kind;
import se.samflode.testing.RunningSystem;

/** Picks residents of the running system by what asking for them shows. Stateless. */
final class Residents {

  /** Regions that answer every call in some tens of milliseconds. */
  static final Set<String> HEALTHY =
      Set.of(
          "stockholm",
          "uppsala",
          "ostergotland",
          "skane",
          "halland",
          "vastra-gotaland",
          "varmland",
          "orebro",
          "vastmanland",
          "gavleborg",
          "vasternorrland",
          "jamtland-harjedalen",
          "vasterbotten",
          "norrbotten");

  private static final MockRegions REGIONS = RunningSystem.get().regions();

  private Residents() {}

  /** The resident made to show something. */
  static String whoShows(String text) {
    return REGIONS.residents().stream()
        .filter(resident -> resident.shows().contains(text))
        .map(Resident::id)
        .findFirst()
        .orElseThrow();
  }

  /** A resident with personnummer that the index knows nothing of; others for other numbers. */
  static String withoutBookings(int number) {
    return REGIONS.residents().stream()
        .filter(resident -> resident.kind() == Kind.PERSONNUMMER)
        .filter(resident -> resident.shows().equals("no bookings"))
        .map(Resident::id)
        .skip(number)
        .findFirst()
        .orElseThrow();
  }

  /** A resident of a kind whose bookings are as wished for. */
  static String with(Kind kind, Predicate<List<BookingFact>> bookings) {
    return REGIONS.residents().stream()
        .filter(resident -> resident.kind() == kind)
        .map(Resident::id)
        .filter(id -> !REGIONS.bookings(id).isEmpty())
        .filter(id -> bookings.test(REGIONS.bookings(id)))
        .findFirst()
        .orElseThrow();
  }

  static List<BookingFact> bookings(String resident) {
    return REGIONS.bookings(resident);
  }

  static Set<String> regions(List<BookingFact> bookings) {
    return bookings.stream().map(BookingFact::region).collect(toSet());
  }

  static Set<String> addresses(List<BookingFact> bookings) {
    return bookings.stream().map(BookingFact::careUnit).collect(toSet());
  }
}
