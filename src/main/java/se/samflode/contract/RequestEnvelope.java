package se.samflode.contract;

import java.io.ByteArrayOutputStream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/**
 * Writes the SOAP envelope that asks a producer (RIV-TA Basic Profile 2.1). Stateless, thread-safe.
 */
public final class RequestEnvelope {

  private RequestEnvelope() {}

  /**
   * The envelope of a request.
   *
   * @param to the address called
   * @param resident the identity of the address's own index hit
   * @param actor the person header; {@code null} where the consumer sent none
   * @param page the mark of a producer's next page; {@code null} for the first
   * @return the envelope in UTF-8
   */
  public static byte[] of(
      RequestBody request,
      LogicalAddress to,
      PersonId resident,
      @Nullable Actor actor,
      @Nullable String page) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try {
      XMLStreamWriter xml = Xml.writer(out);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("soap", "Envelope", Xml.SOAP);
      xml.writeNamespace("soap", Xml.SOAP);
      xml.writeNamespace("itr", Xml.REGISTRY);
      xml.writeStartElement("soap", "Header", Xml.SOAP);
      text(xml, "itr", Xml.REGISTRY, "LogicalAddress", to.value());
      if (actor != null) {
        xml.writeStartElement("ih", "Actor", Xml.HEADERS);
        xml.writeNamespace("ih", Xml.HEADERS);
        text(xml, "ih", Xml.HEADERS, "actorId", actor.actorId());
        text(xml, "ih", Xml.HEADERS, "actorType", actor.actorType());
        xml.writeEndElement();
      }
      xml.writeEndElement();
      xml.writeStartElement("soap", "Body", Xml.SOAP);
      // An empty text closes the start tag, so that the body's XML can follow as bytes.
      xml.writeCharacters("");
      xml.flush();
      out.writeBytes(request.filledIn(to, resident, page));
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("an envelope could not be written to memory", e);
    }
    return out.toByteArray();
  }

  private static void text(
      XMLStreamWriter xml, String prefix, String namespace, String name, String value)
      throws XMLStreamException {
    xml.writeStartElement(prefix, name, namespace);
    xml.writeCharacters(value);
    xml.writeEndElement();
  }
}
