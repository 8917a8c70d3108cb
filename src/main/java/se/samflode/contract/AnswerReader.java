package se.samflode.contract;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a producer's SOAP answer as a stream: one item at a time, nothing of the document is held
 * but the item at hand. Stateless, thread-safe.
 */
public final class AnswerReader {

  private AnswerReader() {}

  /** Takes the items of an answer, in the order in which they stand. */
  public interface Items {
    /**
     * Takes one item.
     *
     * @param item a reader at the start of the item; it may be left anywhere up to the item's end
     * @param xml gives the item's own XML; calling it reads to the item's end
     * @throws XMLStreamException if the item is not well-formed
     * @throws SourceFailed if this item makes the whole answer unusable
     */
    void next(XMLStreamReader item, OriginalXml xml) throws XMLStreamException, SourceFailed;
  }

  /** The XML of an item as the producer wrote it, with its namespaces declared on it. */
  public interface OriginalXml {
    /** The XML in UTF-8, without XML declaration. */
    byte[] bytes() throws XMLStreamException;
  }

  /**
   * Reads one answer to its end.
   *
   * @param in the body; the caller bounds and closes it
   * @param charset the charset of Content-Type, {@code null} if it names none
   * @throws SourceFailed MALFORMED, WRONG_CONTRACT or FAULT, or what {@code items} throws
   * @throws IOException if the transport failed
   */
  public static void read(InputStream in, @Nullable String charset, Contract contract, Items items)
      throws SourceFailed, IOException {
    try {
      XMLStreamReader xml = Xml.atRoot(in, charset);
      if (!Xml.at(xml, Xml.SOAP, "Envelope")) {
        throw new SourceFailed(Reason.MALFORMED);
      }
      Map<String, String> scope = new HashMap<>();
      declare(xml, scope);
      boolean body = false;
      while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
        if (!body && Xml.at(xml, Xml.SOAP, "Body")) {
          body = true;
          declare(xml, scope);
          readBody(xml, contract, items, scope);
        } else {
          Xml.skip(xml);
        }
      }
      if (!body) {
        throw new SourceFailed(Reason.MALFORMED);
      }
      while (xml.hasNext()) {
        xml.next();
      }
    } catch (XMLStreamException e) {
      if (e.getNestedException() instanceof IOException io
          && !(io instanceof CharConversionException)
          && !(io instanceof CharacterCodingException)
          && !(io instanceof UnsupportedEncodingException)) {
        throw io;
      }
      throw new SourceFailed(Reason.MALFORMED);
    }
  }

  private static void readBody(
      XMLStreamReader xml, Contract contract, Items items, Map<String, String> scope)
      throws XMLStreamException, SourceFailed {
    if (xml.nextTag() != XMLStreamConstants.START_ELEMENT) {
      throw new SourceFailed(Reason.WRONG_CONTRACT);
    }
    if (Xml.at(xml, Xml.SOAP, "Fault")) {
      throw new SourceFailed(Reason.FAULT);
    }
    if (!Xml.at(xml, contract.responderNamespace(), contract.responseElement())) {
      throw new SourceFailed(Reason.WRONG_CONTRACT);
    }
    declare(xml, scope);
    while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
      if (Xml.at(xml, contract.responderNamespace(), contract.item())) {
        ItemTee item = new ItemTee(xml, scope);
        items.next(
            item,
            () -> {
              item.finish();
              return item.bytes();
            });
        item.finish();
      } else {
        Xml.skip(xml);
      }
    }
    if (xml.nextTag() != XMLStreamConstants.END_ELEMENT) {
      throw new SourceFailed(Reason.WRONG_CONTRACT);
    }
  }

  private static void declare(XMLStreamReader xml, Map<String, String> scope) {
    for (int i = 0; i < xml.getNamespaceCount(); i++) {
      String prefix = xml.getNamespacePrefix(i);
      String uri = xml.getNamespaceURI(i);
      scope.put(prefix == null ? "" : prefix, uri == null ? "" : uri);
    }
  }
}
