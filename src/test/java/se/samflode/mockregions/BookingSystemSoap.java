package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import se.samflode.mockregions.RegionsFile.BookingSystem;
import se.samflode.mockregions.RegionsFile.Unit;

/**
 * One booking system's side of GetSubjectOfCareSchedule 1 (crm:scheduling 1.1): reads a question,
 * writes the answer. Immutable, thread-safe.
 */
final class BookingSystemSoap {

  static final String CONTRACT = "GetSubjectOfCareSchedule 1";

  private static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
  private static final String REGISTRY = "urn:riv:itintegration:registry:1";
  private static final String HEADERS = "urn:riv:interoperability:headers:1";
  private static final String RESPONDER =
      "urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1";
  private static final String CORE = "urn:riv:crm:scheduling:1";
  private static final String EXTENSION = "urn:riv:crm:scheduling:1.1";

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);
  private static final Set<String> ACTOR_TYPES = Set.of("subject_of_care", "subject_of_care_agent");

  private final Set<String> units;
  private final Map<Key, List<BookingFact>> bookings;

  private record Key(String unit, String resident) {}

  BookingSystemSoap(BookingSystem system, Stream<BookingFact> allBookings) {
    this.units =
        system.units().stream()
            .map(Unit::hsaId)
            .map(BookingSystemSoap::folded)
            .collect(Collectors.toUnmodifiableSet());
    this.bookings =
        allBookings
            .filter(booking -> booking.sourceSystem().equals(system.hsaId()))
            .collect(groupingBy(b -> new Key(folded(b.careUnit()), b.residentId())));
  }

  /** A question that a real system would answer. */
  record Ask(String facility, String resident) {

    @Override
    public String toString() {
      return "Ask[" + facility + ", resident redacted]";
    }
  }

  /** A question that a real system would refuse; the message says why. */
  static final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final String why;

    Refused(String why) {
      super(why);
      this.why = why;
    }

    String why() {
      return why;
    }
  }

  /**
   * Reads a question and checks what the contract demands of it.
   *
   * @throws Refused if it is no well-formed question for this system
   */
  Ask read(byte[] body) throws Refused {
    Map<String, String> texts;
    try {
      texts = texts(body);
    } catch (XMLStreamException e) {
      throw new Refused("the request cannot be read as a SOAP envelope");
    }
    if (!texts.containsKey("{" + RESPONDER + "}GetSubjectOfCareSchedule")) {
      throw new Refused("the body is not a GetSubjectOfCareSchedule of the RIV-TA version 1");
    }
    String address = demand(texts, REGISTRY, "LogicalAddress");
    demand(texts, HEADERS, "actorId");
    String facility = demand(texts, RESPONDER, "healthcare_facility");
    String resident = demand(texts, RESPONDER, "subject_of_care");
    if (!ACTOR_TYPES.contains(demand(texts, HEADERS, "actorType"))) {
      throw new Refused("actorType must be one of " + ACTOR_TYPES);
    }
    if (!folded(address).equals(folded(facility))) {
      throw new Refused("LogicalAddress and healthcare_facility must be the same care unit");
    }
    if (!units.contains(folded(facility))) {
      throw new Refused("this system does not keep the times of that care unit");
    }
    return new Ask(facility, resident);
  }

  /** The resident's times at the asked care unit, in order of start. */
  byte[] answer(Ask ask) {
    List<BookingFact> times =
        bookings.getOrDefault(new Key(folded(ask.facility()), ask.resident()), List.of());
    return envelope(out -> {
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

  /** A SOAP 1.1 fault. */
  static byte[] fault(String code, String text) {
    return envelope(out -> {
      out.writeStartElement("soap", "Fault", SOAP);
      out.writeStartElement("faultcode");
      out.writeCharacters("soap:" + code);
      out.writeEndElement();
      out.writeStartElement("faultstring");
      out.writeCharacters(text);
      out.writeEndElement();
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

  static String timestamp(LocalDateTime time) {
    return time.format(TIMESTAMP);
  }

  @FunctionalInterface
  interface Body {
    void write(XMLStreamWriter out) throws XMLStreamException;
  }

  private static byte[] envelope(Body body) {
    return envelope(out -> {}, body);
  }

  /** A SOAP 1.1 envelope in UTF-8. */
  static byte[] envelope(Body header, Body body) {
    var bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter out =
          XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(bytes, UTF_8.name());
      out.writeStartDocument(UTF_8.name(), "1.0");
      out.writeStartElement("soap", "Envelope", SOAP);
      out.writeNamespace("soap", SOAP);
      out.writeStartElement("soap", "Header", SOAP);
      header.write(out);
      out.writeEndElement();
      out.writeStartElement("soap", "Body", SOAP);
      body.write(out);
      out.writeEndDocument();
      out.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("cannot write to memory", e);
    }
    return bytes.toByteArray();
  }

  /** The text of every element by its qualified name; the whole document is read. */
  static Map<String, String> texts(byte[] xml) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLStreamReader in = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
    Map<String, String> texts = new HashMap<>();
    String name = "";
    while (in.hasNext()) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          name = in.getName().toString();
          texts.put(name, "");
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            texts.merge(name, in.getText(), String::concat);
        case XMLStreamConstants.DTD -> throw new XMLStreamException("a DTD is not allowed");
        default -> {}
      }
    }
    return texts;
  }

  private static String demand(Map<String, String> texts, String namespace, String name)
      throws Refused {
    return Optional.ofNullable(texts.get("{" + namespace + "}" + name))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new Refused(name + " is missing or empty"));
  }

  private static String folded(String hsaId) {
    return hsaId.toUpperCase(Locale.ROOT);
  }
}
