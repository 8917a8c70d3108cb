package se.samflode.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Interaction;
import se.samflode.contract.SwedishTime;
import se.samflode.contract.Xml;
import se.samflode.index.Engagement;

/**
 * One page of a source's changes, as the source told it. Immutable; prints itself redacted.
 *
 * @param told in the order of the page
 * @param complete whether no page follows
 */
record PulledPage(List<Told> told, boolean complete) {

  static final Interaction INTERACTION =
      new Interaction("itintegration:engagementindex", "GetUpdates", 1, 0);

  private static final String CORE = "urn:riv:itintegration:engagementindex:1";
  private static final String FROM_THE_START = "19000101000000";
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");

  PulledPage {
    told = List.copyOf(told);
  }

  /**
   * All that the source has of a resident. Prints itself redacted.
   *
   * @param resident as the source wrote it, empty if it did not
   * @param engagements may be none
   */
  record Told(String resident, List<Engagement> engagements) {

    Told {
      engagements = List.copyOf(engagements);
    }

    @Override
    public String toString() {
      return "Told[redacted]";
    }
  }

  /**
   * The request for a page.
   *
   * @param since since when changes are asked for; null for everything
   * @param lastResident the last resident of the page before, null for the first page
   */
  static String request(
      String serviceDomain, @Nullable Instant since, @Nullable String lastResident) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter xml = Xml.writer(bytes);
      xml.writeStartElement("", INTERACTION.operation(), INTERACTION.namespace());
      xml.writeDefaultNamespace(INTERACTION.namespace());
      write(xml, "serviceDomain", serviceDomain);
      write(xml, "timeStamp", timeStamp(since));
      if (lastResident != null) {
        write(xml, "registeredResidentLastFetched", lastResident);
      }
      xml.writeEndElement();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a request in memory cannot be written", e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static void write(XMLStreamWriter xml, String name, String text)
      throws XMLStreamException {
    xml.writeStartElement("", name, INTERACTION.namespace());
    xml.writeCharacters(text);
    xml.writeEndElement();
  }

  private static String timeStamp(@Nullable Instant since) {
    if (since == null) {
      return FROM_THE_START;
    }
    LocalDateTime local = LocalDateTime.ofInstant(since, SwedishTime.ZONE);
    boolean twice = SwedishTime.ZONE.getRules().getValidOffsets(local).size() > 1;
    // A source may take a time that comes twice for the later one, and leave out an hour.
    return STAMP.format(twice ? local.minusHours(1) : local);
  }

  /**
   * Reads an answer.
   *
   * @param in at the start of the response element
   * @throws XMLStreamException if it is not what the contract says: an element under a wrong name
   *     must not pass for a resident without engagements, all of whose rows would be deleted
   */
  static PulledPage read(XMLStreamReader in) throws XMLStreamException {
    List<Told> told = new ArrayList<>();
    Boolean complete = null;
    while (Xml.nextChild(in)) {
      if (isOurs(in, "responseIsComplete")) {
        complete = flag(in.getElementText());
      } else if (isOurs(in, "registeredResidentEngagement")) {
        told.add(told(in));
      } else {
        pass(in);
      }
    }
    if (complete == null) {
      throw new XMLStreamException("responseIsComplete is missing");
    }
    return new PulledPage(told, complete);
  }

  private static Told told(XMLStreamReader in) throws XMLStreamException {
    String resident = "";
    List<Engagement> engagements = new ArrayList<>();
    while (Xml.nextChild(in)) {
      if (isOurs(in, "registeredResidentIdentification")) {
        resident = in.getElementText();
      } else if (isOurs(in, "engagement")) {
        engagements.add(engagement(in));
      } else {
        pass(in);
      }
    }
    return new Told(resident, engagements);
  }

  private static Engagement engagement(XMLStreamReader in) throws XMLStreamException {
    Map<String, String> texts = new HashMap<>();
    while (Xml.nextChild(in)) {
      String name = in.getLocalName();
      if (CORE.equals(in.getNamespaceURI()) && Engagement.FIELDS.contains(name)) {
        texts.put(name, in.getElementText());
      } else if (Engagement.FIELDS.contains(name) && isOfTheContractOrNone(in)) {
        // Passed by it would read as a value that is not there.
        throw new XMLStreamException("a field of an engagement under a wrong namespace");
      } else {
        Xml.skip(in);
      }
    }
    return Engagement.of(texts);
  }

  private static boolean isOurs(XMLStreamReader in, String name) {
    return Xml.at(in, INTERACTION.namespace(), name);
  }

  /** Passes by what the contract lets a source add. */
  private static void pass(XMLStreamReader in) throws XMLStreamException {
    if (isOfTheContractOrNone(in) || CORE.equals(in.getNamespaceURI())) {
      throw new XMLStreamException("an element that the contract does not have");
    }
    Xml.skip(in);
  }

  private static boolean isOfTheContractOrNone(XMLStreamReader in) {
    String namespace = in.getNamespaceURI();
    return namespace == null || namespace.isEmpty() || namespace.equals(INTERACTION.namespace());
  }

  private static boolean flag(String text) throws XMLStreamException {
    return switch (text.strip()) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new XMLStreamException("responseIsComplete is no boolean");
    };
  }

  @Override
  public String toString() {
    return "PulledPage[redacted]";
  }
}
