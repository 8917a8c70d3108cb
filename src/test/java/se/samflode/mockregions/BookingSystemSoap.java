package se.samflode.mockregions;

import static se.samflode.mockregions.Soap.demand;
import static se.samflode.mockregions.Soap.folded;
import static se.samflode.mockregions.Soap.path;
import static se.samflode.mockregions.Soap.timestamp;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import se.samflode.mockregions.RegionsFile.BookingSystem;
import se.samflode.mockregions.RegionsFile.Unit;
import se.samflode.mockregions.Soap.Refused;

/**
 * One booking system's side of GetSubjectOfCareSchedule 1 (crm:scheduling 1.1): reads a question,
 * writes the answer. Thread-safe.
 */
final class BookingSystemSoap implements MockSystem {

  static final String CONTRACT = "GetSubjectOfCareSchedule 1";

  private static final String HEADERS = "urn:riv:interoperability:headers:1";
  private static final String RESPONDER =
      "urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1";
  private static final String CORE = "urn:riv:crm:scheduling:1";
  private static final String EXTENSION = "urn:riv:crm:scheduling:1.1";

  private static final String QUESTION = path(RESPONDER, "GetSubjectOfCareSchedule");
  private static final String FACILITY = QUESTION + "/" + path(RESPONDER, "healthcare_facility");
  private static final String RESIDENT = QUESTION + "/" + path(RESPONDER, "subject_of_care");
  private static final Set<String> ACTOR_TYPES = Set.of("subject_of_care", "subject_of_care_agent");

  private final Set<String> units;
  private final String hsaId;
  private final Bookings bookings;

  /**
   * @param bookings of all systems
   */
  BookingSystemSoap(BookingSystem system, Bookings bookings) {
    this.units =
        system.units().stream()
            .map(Unit::hsaId)
            .map(Soap::folded)
            .collect(Collectors.toUnmodifiableSet());
    this.hsaId = system.hsaId();
    this.bookings = bookings;
  }

  /** A question about a resident at a care unit. */
  static Ask ask(String facility, String resident) {
    return new Ask(CONTRACT, resident, Map.of(FACILITY, List.of(facility)));
  }

  @Override
  public Ask read(Map<String, List<String>> texts) throws Refused {
    if (!texts.containsKey(QUESTION)) {
      throw new Refused("the body is not a GetSubjectOfCareSchedule of the RIV-TA version 1");
    }
    String address = demand(texts, path(Soap.REGISTRY, "LogicalAddress"));
    demand(texts, path(HEADERS, "Actor", "actorId"));
    String facility = demand(texts, FACILITY);
    String resident = demand(texts, RESIDENT);
    if (!ACTOR_TYPES.contains(demand(texts, path(HEADERS, "Actor", "actorType")))) {
      throw new Refused("actorType must be one of " + ACTOR_TYPES);
    }
    if (!folded(address).equals(folded(facility))) {
      throw new Refused("LogicalAddress and healthcare_facility must be the same care unit");
    }
    if (!units.contains(folded(facility))) {
      throw new Refused("this system does not keep the times of that care unit");
    }
    return ask(facility, resident);
  }

  @Override
  public byte[] answer(Ask ask) {
    return answer(times(ask));
  }

  @Override
  public byte[] answerWithAnother(Ask ask) {
    return answer(
        Stream.concat(
                times(ask).stream(),
                bookings
                    .all()
                    .filter(time -> time.sourceSystem().equals(hsaId))
                    .filter(time -> !time.residentId().equals(ask.resident()))
                    .limit(1))
            .toList());
  }

  /** The resident's times at the asked care unit, in the order they were made. */
  private List<BookingFact> times(Ask ask) {
    String facility = folded(ask.texts().getOrDefault(FACILITY, List.of()).getFirst());
    return bookings.of(ask.resident()).stream()
        .filter(time -> time.sourceSystem().equals(hsaId))
        .filter(time -> folded(time.careUnit()).equals(facility))
        .toList();
  }

  private static byte[] answer(List<BookingFact> times) {
    return Soap.envelope(out -> {
      out.writeStartElement("r", "GetSubjectOfCareScheduleResponse", RESPONDER);
      out.writeNamespace("r", RESPONDER);
      out.writeNamespace("c", CORE);
      out.writeNamespace("e", EXTENSION);
      for (BookingFact time : times) {
        timeslot(out, time);
      }
      out.writeEndElement();
    });
  }

  private static void timeslot(XMLStreamWriter out, BookingFact time) throws XMLStreamException {
    out.writeStartElement("r", "timeslotDetail", RESPONDER);
    element(out, "startTimeInclusive", timestamp(time.start()));
    element(out, "endTimeExclusive", timestamp(time.end()));
    element(out, "healthcare_facility", time.careUnit());
    element(out, "performer", time.performer());
    element(out, "bookingId", time.bookingId());
    element(out, "subject_of_care", time.residentId());
    element(out, "purpose", time.purpose());
    element(out, "reason", time.reason());
    element(out, "resourceName", time.way().resourceName());
    element(out, "healthcare_facility_name", time.careUnitName());
    element(out, "performerName", time.performerName());
    element(out, "resourceID", "R-" + time.way());
    element(out, "timeTypeName", time.way().timeTypeName());
    element(out, "timeTypeID", time.way().name());
    element(out, "careTypeName", time.careTypeName());
    element(out, "careTypeID", time.careTypeId());
    element(out, "cancel_booking_allowed", Boolean.toString(time.cancelAllowed()));
    element(out, "rebooking_allowed", Boolean.toString(time.rebookingAllowed()));
    element(out, "message_allowed", Boolean.toString(time.messageAllowed()));
    if (time.invitation()) {
      out.writeStartElement("e", "isInvitation", EXTENSION);
      out.writeCharacters("true");
      out.writeEndElement();
    }
    out.writeEndElement();
  }

  private static void element(XMLStreamWriter out, String name, @Nullable String text)
      throws XMLStreamException {
    if (text == null) {
      return;
    }
    out.writeStartElement("c", name, CORE);
    out.writeCharacters(text);
    out.writeEndElement();
  }
}
