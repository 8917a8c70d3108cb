package se.samflode.mockregions;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All generated data. Immutable.
 *
 * @param residents the one to show first stands first
 * @param bookings by resident; a resident without bookings has no entry
 * @param malformedFor residents for whom a region that is so set up sends XML that breaks off
 */
record World(
    List<Resident> residents, Map<String, List<BookingFact>> bookings, Set<String> malformedFor) {

  Stream<BookingFact> allBookings() {
    return bookings.values().stream().flatMap(List::stream);
  }

  /** Everything the systems tell the index, by the HSA-id of the source system. */
  Map<String, List<Engagement>> engagements(RegionsFile regions) {
    Map<String, String> controllers =
        regions.regions().stream()
            .collect(toMap(RegionsFile.Region::id, region -> "SE" + region.organisationNumber()));
    return allBookings()
        .map(booking ->
            new Engagement(
                booking.residentId(),
                booking.invitation() ? "Invitation" : "Booking",
                booking.careUnit(),
                booking.bookingId(),
                booking.start(),
                booking.sourceSystem(),
                controllers.getOrDefault(booking.region(), "")))
        .collect(groupingBy(Engagement::sourceSystem, LinkedHashMap::new, toList()));
  }
}
