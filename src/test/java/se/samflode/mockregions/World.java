package se.samflode.mockregions;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * All generated data. Immutable.
 *
 * @param residents the one to show first stands first
 * @param bookings by resident; a resident without bookings has no entry
 * @param records what the journal and lab systems hold
 * @param malformedFor residents for whom a region that is so set up sends XML that breaks off
 */
record World(
    List<Resident> residents,
    Map<String, List<BookingFact>> bookings,
    List<RecordFact> records,
    Set<String> malformedFor) {

  Stream<BookingFact> allBookings() {
    return bookings.values().stream().flatMap(List::stream);
  }

  /** Everything the systems tell the index, by the HSA-id of the source system. */
  Map<String, List<Engagement>> engagements(RegionsFile regions) {
    Map<String, String> controllers =
        regions.regions().stream()
            .collect(toMap(RegionsFile.Region::id, region -> "SE" + region.organisationNumber()));
    Stream<Engagement> told =
        allBookings()
            .map(booking ->
                new Engagement(
                    booking.residentId(),
                    "riv:crm:scheduling",
                    booking.invitation() ? "Invitation" : "Booking",
                    booking.careUnit(),
                    booking.bookingId(),
                    booking.start(),
                    booking.sourceSystem(),
                    controllers.getOrDefault(booking.region(), "")));
    return Stream.concat(told, newestRecords(controllers))
        .collect(groupingBy(Engagement::sourceSystem, LinkedHashMap::new, toList()));
  }

  /** One engagement for all that a system has of a resident as one categorization. */
  private Stream<Engagement> newestRecords(Map<String, String> controllers) {
    return records.stream()
        .map(fact ->
            new Engagement(
                fact.residentId(),
                fact.serviceDomain(),
                fact.categorization(),
                fact.sourceSystem(),
                "NA",
                fact.end(),
                fact.sourceSystem(),
                controllers.getOrDefault(fact.region(), "")))
        .collect(
            toMap(
                one ->
                    List.of(
                        one.residentId(),
                        one.serviceDomain(),
                        one.categorization(),
                        one.sourceSystem()),
                one -> one,
                BinaryOperator.maxBy(Comparator.comparing(Engagement::mostRecentContent)),
                LinkedHashMap::new))
        .values()
        .stream();
  }
}
