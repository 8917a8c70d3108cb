package se.samflode.contract;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import com.fasterxml.aalto.stax.OutputFactoryImpl;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.Charset;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.codehaus.stax2.XMLInputFactory2;
import org.jspecify.annotations.Nullable;

/** Hardened StAX: no DOCTYPE, no entities beyond XML's own five. Stateless, thread-safe. */
public final class Xml {

  /** Namespace of SOAP 1.1 envelopes. */
  public static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

  /** Namespace of the header LogicalAddress. */
  public static final String REGISTRY = "urn:riv:itintegration:registry:1";

  /** Namespace of the headers Actor and ProcessingStatus. */
  public static final String HEADERS = "urn:riv:interoperability:headers:1";

  /** Deepest nesting that is read, elements. */
  static final int MAX_DEPTH = 100;

  private static final XMLInputFactory INPUT = input();
  private static final XMLOutputFactory OUTPUT = new OutputFactoryImpl();

  private Xml() {}

  private static XMLInputFactory input() {
    XMLInputFactory factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    // Else a text that is not well-formed is found where nothing checked can be thrown.
    factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, false);
    return factory;
  }

  /**
   * Opens a document.
   *
   * @param in the document; the caller bounds and closes it
   * @param charset the charset the transport names, which goes before what the document says;
   *     {@code null} to believe the document itself
   * @return a reader at the start of the root element
   * @throws XMLStreamException if there is no root element, or a DOCTYPE before it
   */
  public static XMLStreamReader atRoot(InputStream in, @Nullable Charset charset)
      throws XMLStreamException {
    XMLStreamReader reader =
        charset == null
            ? INPUT.createXMLStreamReader(in)
            // The parser takes no notice of a charset given with bytes; and a decoder of our own
            // reports what is malformed, where the usual one would replace it.
            : INPUT.createXMLStreamReader(new InputStreamReader(in, charset.newDecoder()));
    while (reader.next() != XMLStreamConstants.START_ELEMENT) {
      if (reader.getEventType() == XMLStreamConstants.DTD) {
        throw new XMLStreamException("DOCTYPE is not allowed");
      }
    }
    return reader;
  }

  /** A writer of UTF-8 that declares no namespace by itself. */
  public static XMLStreamWriter writer(OutputStream out) throws XMLStreamException {
    return OUTPUT.createXMLStreamWriter(out, "UTF-8");
  }

  /** A text as it may stand between tags. */
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /**
   * Goes on to the next child element, passing by text between children.
   *
   * @param in a reader at the start of the parent, or at the end of a child
   * @return whether there is one; if not, the reader stands at the end of the parent
   */
  public static boolean nextChild(XMLStreamReader in) throws XMLStreamException {
    int event = in.next();
    while (event != XMLStreamConstants.START_ELEMENT && event != XMLStreamConstants.END_ELEMENT) {
      event = in.next();
    }
    return event == XMLStreamConstants.START_ELEMENT;
  }

  /**
   * Skips the rest of an element.
   *
   * @param in a reader at a start element; afterwards it stands at the matching end element
   * @throws XMLStreamException also where elements are nested more than 100 deep
   */
  public static void skip(XMLStreamReader in) throws XMLStreamException {
    int open = 1;
    while (open > 0) {
      int event = in.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        if (++open > MAX_DEPTH) {
          throw new XMLStreamException("elements are nested too deep");
        }
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        open--;
      }
    }
  }

  /** Whether the element at which the reader stands has this name. */
  public static boolean at(XMLStreamReader in, String namespace, String localName) {
    return localName.equals(in.getLocalName()) && namespace.equals(in.getNamespaceURI());
  }
}
