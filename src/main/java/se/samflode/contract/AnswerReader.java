package se.samflode.contract;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
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
     * @throws IOException if the transport failed, or a limit of what may be kept is passed
     */
    void next(XMLStreamReader item, OriginalXml xml)
        throws XMLStreamException, SourceFailed, IOException;
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
  public static void read(InputStream in, @Nullable Charset charset, Contract contract, Items items)
      throws SourceFailed, IOException {
    try {
      XMLStreamReader xml = Xml.atRoot(in, charset);
      if (!Xml.at(xml, Xml.SOAP, "Envelope")) {
        throw new SourceFailed(Reason.MALFORMED);
      }
      Map<String, String> scope = new HashMap<>();
      declare(xml, scope);
      boolean body = false;
      while (Xml.nextChild(xml)) {
        if (!Xml.at(xml, Xml.SOAP, "Body")) {
          Xml.skip(xml);
        } else if (body) {
          throw new SourceFailed(Reason.MALFORMED);
        } else {
          body = true;
          declare(xml, scope);
          readBody(xml, contract, items, scope);
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
      throws XMLStreamException, SourceFailed, IOException {
    if (!Xml.nextChild(xml)) {
      throw new SourceFailed(Reason.WRONG_CONTRACT);
    }
    if (Xml.at(xml, Xml.SOAP, "Fault")) {
      throw new SourceFailed(Reason.FAULT);
    }
    if (!xml.getName().equals(contract.interaction().response())) {
      throw new SourceFailed(Reason.WRONG_CONTRACT);
    }
    declare(xml, scope);
    String namespace = contract.interaction().namespace();
    while (Xml.nextChild(xml)) {
      String childNamespace = xml.getNamespaceURI();
      if (Xml.at(xml, namespace, contract.item())) {
        ItemTee item = new ItemTee(xml, scope);
        items.next(
            item,
            () -> {
              item.finish();
              return item.bytes();
            });
        item.finish();
      } else if (childNamespace == null
          || childNamespace.isEmpty()
          || childNamespace.equals(namespace)
          || xml.getLocalName().equals(contract.item())) {
        // An item under a wrong name must not pass for an answer without items.
        throw new SourceFailed(Reason.WRONG_CONTRACT);
      } else {
        Xml.skip(xml);
      }
    }
    if (Xml.nextChild(xml)) {
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
