package se.samflode.api.rivta;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import se.samflode.contract.Xml;

/** Walks through the children of an element. Stateless, thread-safe. */
final class Children {

  private Children() {}

  /**
   * Visits each child element and ends on the end of their parent.
   *
   * @param xml stands on the parent's start
   * @param visitor must end on the end of the child it is given
   */
  static void each(XMLStreamReader xml, Visitor visitor) throws XMLStreamException {
    while (xml.next() != XMLStreamConstants.END_ELEMENT) {
      if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
        visitor.visit(xml.getNamespaceURI(), xml.getLocalName());
      }
    }
  }

  /** The texts of some children by name; of repeated ones the last. Others are passed by. */
  static Map<String, String> texts(XMLStreamReader xml, String namespace, Set<String> names)
      throws XMLStreamException {
    Map<String, String> texts = new HashMap<>();
    each(
        xml,
        (ns, name) -> {
          if (namespace.equals(ns) && names.contains(name)) {
            texts.put(name, xml.getElementText());
          } else {
            Xml.skip(xml);
          }
        });
    return texts;
  }

  /** Reads one child. */
  interface Visitor {
    void visit(String namespace, String name) throws XMLStreamException;
  }
}
