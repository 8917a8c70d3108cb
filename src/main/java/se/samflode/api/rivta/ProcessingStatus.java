package se.samflode.api.rivta;

import java.time.Instant;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.apache.cxf.staxutils.W3CDOMStreamWriter;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import se.samflode.contract.Reason;
import se.samflode.contract.SwedishTime;
import se.samflode.contract.Xml;
import se.samflode.federation.Answer;
import se.samflode.federation.Outcome;

/**
 * Writes the header ProcessingStatus (interoperability headers 1.0): a record for each address
 * asked. It is valid against its schema, which asks for {@code lastSuccessfulSynch} also where
 * there was none: then it is empty, as the header's documentation says.
 *
 * <p>Where the schema leaves room for others, three things stand that it has no words for: whether
 * the whole answer is complete, how many items of an address were left out, and what its producer
 * says to people.
 */
final class ProcessingStatus {

  /** Namespace of what we add. */
  static final String EXTENSION = "urn:samflode:processing-status:1";

  private ProcessingStatus() {}

  /** The header element. */
  static Element of(Answer answer) {
    try {
      W3CDOMStreamWriter xml = new W3CDOMStreamWriter();
      xml.writeStartElement("ih", "ProcessingStatus", Xml.HEADERS);
      xml.writeNamespace("ih", Xml.HEADERS);
      for (Outcome outcome : answer.outcomes()) {
        xml.writeStartElement("ih", "ProcessingStatusList", Xml.HEADERS);
        write(xml, answer.asOf(), outcome);
        xml.writeEndElement();
      }
      xml.writeStartElement("sf", "complete", EXTENSION);
      xml.writeNamespace("sf", EXTENSION);
      xml.writeCharacters(String.valueOf(answer.complete()));
      xml.writeEndElement();
      for (Outcome outcome : answer.outcomes()) {
        writeLeftOut(xml, outcome);
        for (String message : outcome.messages()) {
          extension(xml, "message", outcome, message);
        }
      }
      xml.writeEndElement();
      return xml.getDocument().getDocumentElement();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a header could not be written to memory", e);
    }
  }

  private static void write(XMLStreamWriter xml, Instant asOf, Outcome outcome)
      throws XMLStreamException {
    text(xml, "logicalAddress", outcome.from().value());
    switch (outcome) {
      case Outcome.Live live -> {
        text(xml, "statusCode", "DataFromSource");
        synched(xml, false, true, live.fragment().fetchedAt());
      }
      case Outcome.Cached cached -> {
        text(xml, "statusCode", "DataFromCache");
        synched(xml, true, true, cached.fragment().fetchedAt());
      }
      case Outcome.Stale stale -> {
        text(xml, "statusCode", "DataFromCacheSynchFailed");
        synched(xml, true, false, stale.fragment().fetchedAt());
        unsynched(xml, asOf, stale.reason());
      }
      case Outcome.Failed failed -> {
        text(xml, "statusCode", "NoDataSynchFailed");
        synched(xml, false, false, failed.lastSuccess());
        unsynched(xml, asOf, failed.reason());
      }
    }
  }

  private static void synched(
      XMLStreamWriter xml, boolean fromCache, boolean inSynch, @Nullable Instant last)
      throws XMLStreamException {
    text(xml, "isResponseFromCache", String.valueOf(fromCache));
    text(xml, "isResponseInSynch", String.valueOf(inSynch));
    text(xml, "lastSuccessfulSynch", last == null ? "" : SwedishTime.format(last));
  }

  private static void unsynched(XMLStreamWriter xml, Instant asOf, Reason reason)
      throws XMLStreamException {
    text(xml, "lastUnsuccessfulSynch", SwedishTime.format(asOf));
    xml.writeStartElement("ih", "lastUnsuccessfulSynchError", Xml.HEADERS);
    text(xml, "causingAgent", causingAgent(reason));
    text(xml, "code", code(reason));
    text(xml, "text", reason.code() + ": " + reason.text());
    xml.writeEndElement();
  }

  private static void writeLeftOut(XMLStreamWriter xml, Outcome outcome) throws XMLStreamException {
    if (outcome instanceof Outcome.Shown shown && shown.fragment().leftOut(false) > 0) {
      extension(xml, "leftOut", outcome, String.valueOf(shown.fragment().leftOut(false)));
    }
  }

  private static void extension(XMLStreamWriter xml, String name, Outcome outcome, String text)
      throws XMLStreamException {
    xml.writeStartElement("sf", name, EXTENSION);
    xml.writeNamespace("sf", EXTENSION);
    xml.writeAttribute("logicalAddress", outcome.from().value());
    xml.writeCharacters(text);
    xml.writeEndElement();
  }

  private static String causingAgent(Reason reason) {
    return switch (reason) {
      case TIMEOUT,
          REFUSED,
          FAULT,
          HTTP_ERROR,
          MALFORMED,
          TOO_LARGE,
          WRONG_CONTRACT,
          WRONG_RESIDENT,
          MAINTENANCE ->
          "service_producer";
      case NO_ROUTE, NOT_GRANTED -> "service_catalog";
      case CHANGED -> "engagement_index";
      case LIMITED, CIRCUIT_OPEN, INTERNAL -> "virtualization_platform";
    };
  }

  /** The three codes that consumers know of old; the text tells more. */
  private static String code(Reason reason) {
    return switch (reason) {
      case TIMEOUT -> "504";
      case FAULT -> "500";
      case REFUSED,
          HTTP_ERROR,
          MALFORMED,
          TOO_LARGE,
          WRONG_CONTRACT,
          WRONG_RESIDENT,
          LIMITED,
          CIRCUIT_OPEN,
          MAINTENANCE,
          CHANGED,
          INTERNAL,
          NO_ROUTE,
          NOT_GRANTED ->
          "43000";
    };
  }

  private static void text(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeStartElement("ih", name, Xml.HEADERS);
    xml.writeCharacters(value);
    xml.writeEndElement();
  }
}
