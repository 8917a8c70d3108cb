package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/** SOAP 1.1 envelopes, written and read, for all simulated systems. Stateless. */
final class Soap {

  /** The namespace of the LogicalAddress header. */
  static final String REGISTRY = "urn:riv:itintegration:registry:1";

  private static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);

  private Soap() {}

  /** What a header or a body writes of itself. */
  @FunctionalInterface
  interface Part {
    void write(XMLStreamWriter out) throws XMLStreamException;
  }

  /** An envelope in UTF-8 without headers. */
  static byte[] envelope(Part body) {
    return envelope(out -> {}, body);
  }

  /** An envelope in UTF-8. */
  static byte[] envelope(Part header, Part body) {
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

  /** An envelope in UTF-8 around a body that is XML already. */
  static byte[] envelope(String body) {
    return """
    <?xml version="1.0" encoding="UTF-8"?>\
    <soap:Envelope xmlns:soap="%s"><soap:Header></soap:Header><soap:Body>%s</soap:Body>\
    </soap:Envelope>\
    """
        .formatted(SOAP, body)
        .getBytes(UTF_8);
  }

  /** A fault. */
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

  /**
   * The texts of every element within the header and the body, by its path, in document order; the
   * whole document is read.
   */
  static Map<String, List<String>> texts(byte[] xml) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    XMLStreamReader in = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
    Map<String, List<String>> texts = new LinkedHashMap<>();
    Deque<String> open = new ArrayDeque<>();
    while (in.hasNext()) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          open.addLast(in.getName().toString());
          texts.computeIfAbsent(pathOf(open), path -> new ArrayList<>()).add("");
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          List<String> of = texts.getOrDefault(pathOf(open), new ArrayList<>());
          of.set(of.size() - 1, of.getLast() + in.getText());
        }
        case XMLStreamConstants.END_ELEMENT -> open.removeLast();
        case XMLStreamConstants.DTD -> throw new XMLStreamException("a DTD is not allowed");
        default -> {}
      }
    }
    return texts;
  }

  private static String pathOf(Deque<String> open) {
    return String.join("/", open.stream().skip(2).toList());
  }

  /**
   * The one text that a question must have at a path.
   *
   * @throws Refused if it is missing or blank
   */
  static String demand(Map<String, List<String>> texts, String path) throws Refused {
    return texts.getOrDefault(path, List.of()).stream()
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElseThrow(
            () -> new Refused(path.substring(path.lastIndexOf('}') + 1) + " is missing or empty"));
  }

  /** The path of elements of one namespace, each within the one before it. */
  static String path(String namespace, String... names) {
    return "{" + namespace + "}" + String.join("/{" + namespace + "}", names);
  }

  static String timestamp(LocalDateTime time) {
    return time.format(TIMESTAMP);
  }

  /** HSA-ids are compared without regard to case. */
  static String folded(String hsaId) {
    return hsaId.toUpperCase(Locale.ROOT);
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
}
