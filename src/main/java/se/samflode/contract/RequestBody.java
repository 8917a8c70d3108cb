package se.samflode.contract;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.IdentityType;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/**
 * The request element of a contract with places left open for the address called, the resident and
 * the page, since each source is asked with the identity of its own index hit. Immutable,
 * thread-safe; prints itself redacted.
 */
public final class RequestBody {

  /** What is filled in for each call. */
  enum Place {
    ADDRESS,
    RESIDENT,
    RESIDENT_TYPE,
    PAGE
  }

  /** A place, and how many bytes of the XML stand before it. */
  record Open(Place place, int at) {}

  private final Contract contract;
  private final byte[] xml;
  private final List<Open> open;
  private final @Nullable String typeGiven;
  private final @Nullable PersonId given;

  /**
   * @param open in any order
   * @param given the identity that the consumer asks with; {@code null} where none was written
   * @param typeGiven the OID he gives it; {@code null} if he gives none
   */
  RequestBody(
      Contract contract,
      byte[] xml,
      List<Open> open,
      @Nullable PersonId given,
      @Nullable String typeGiven) {
    this.contract = contract;
    this.xml = xml;
    this.open = open.stream().sorted(Comparator.comparingInt(Open::at)).toList();
    this.given = given;
    this.typeGiven = typeGiven;
  }

  /** A request for everything the contract's producers have about a resident. */
  public static RequestBody ofEverything(Contract contract) {
    String namespace = contract.interaction().namespace();
    Contract.Resident resident = contract.request().resident();
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    List<Open> open = new ArrayList<>();
    try {
      XMLStreamWriter xml = Xml.writer(out);
      xml.writeStartElement("r", contract.interaction().operation(), namespace);
      xml.writeNamespace("r", namespace);
      String address = contract.request().address();
      if (address != null) {
        xml.writeStartElement("r", address, namespace);
        open(xml, out, Place.ADDRESS, open);
        xml.writeEndElement();
      }
      xml.writeStartElement("r", resident.element(), namespace);
      if (resident.id() == null) {
        open(xml, out, Place.RESIDENT, open);
      } else {
        writeParts(xml, contract.core(), resident, out, open);
      }
      xml.writeEndElement();
      open(xml, out, Place.PAGE, open);
      xml.writeEndElement();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a request could not be written to memory", e);
    }
    return new RequestBody(contract, out.toByteArray(), open, null, null);
  }

  private static void writeParts(
      XMLStreamWriter xml,
      String core,
      Contract.Resident resident,
      ByteArrayOutputStream out,
      List<Open> open)
      throws XMLStreamException {
    String id = String.valueOf(resident.id());
    String type = resident.type();
    xml.writeNamespace("c", core);
    // The OID stands first in an II (root, extension) and last in a person id (id, type).
    List<String> parts =
        type == null ? List.of(id) : "root".equals(type) ? List.of(type, id) : List.of(id, type);
    for (String part : parts) {
      xml.writeStartElement("c", part, core);
      open(xml, out, part.equals(id) ? Place.RESIDENT : Place.RESIDENT_TYPE, open);
      xml.writeEndElement();
    }
  }

  private static void open(
      XMLStreamWriter xml, ByteArrayOutputStream out, Place place, List<Open> open)
      throws XMLStreamException {
    // An empty text closes the start tag, so that the place is behind it.
    xml.writeCharacters("");
    xml.flush();
    open.add(new Open(place, out.size()));
  }

  /**
   * The request in UTF-8, without XML declaration, its namespaces declared on it.
   *
   * @param page the mark of a producer's next page; {@code null} for the first
   */
  public byte[] filledIn(LogicalAddress address, PersonId resident, @Nullable String page) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(xml.length + 100);
    int written = 0;
    for (Open place : open) {
      out.write(xml, written, place.at() - written);
      written = place.at();
      out.writeBytes(text(place.place(), address, resident, page).getBytes(StandardCharsets.UTF_8));
    }
    out.write(xml, written, xml.length - written);
    return out.toByteArray();
  }

  private String text(
      Place place, LogicalAddress address, PersonId resident, @Nullable String page) {
    return switch (place) {
      case ADDRESS -> Xml.escaped(address.value());
      case RESIDENT -> Xml.escaped(resident.value());
      case RESIDENT_TYPE ->
          Xml.escaped(
              typeGiven != null && resident.equals(given)
                  ? typeGiven
                  : IdentityType.of(resident).oid());
      case PAGE ->
          page == null
              ? ""
              : "<p:%1$s xmlns:p=\"%2$s\">%3$s</p:%1$s>"
                  .formatted(
                      contract.request().refused(),
                      contract.interaction().namespace(),
                      Xml.escaped(page));
    };
  }

  @Override
  public String toString() {
    return "RequestBody[" + contract.name() + "]";
  }
}
