package se.samflode.contract;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import javax.xml.stream.util.StreamReaderDelegate;

/**
 * Passes the events of one item to a reader and keeps the item's own XML on the way, with every
 * namespace in scope declared on it, so that it can stand in another document. Bounds depth.
 */
final class ItemTee extends StreamReaderDelegate {

  private static final int MAX_DEPTH = 100;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private final XMLStreamWriter copy;
  private int depth;

  /**
   * @param in a reader at the start element of the item
   * @param scope the namespaces in scope around the item, by prefix ("" for the default)
   */
  ItemTee(XMLStreamReader in, Map<String, String> scope) throws XMLStreamException {
    super(in);
    this.copy = Xml.writer(bytes);
    Map<String, String> declared = new HashMap<>(scope);
    for (int i = 0; i < in.getNamespaceCount(); i++) {
      declared.put(prefix(in.getNamespacePrefix(i)), prefix(in.getNamespaceURI(i)));
    }
    startElement(declared);
  }

  @Override
  public int next() throws XMLStreamException {
    int event = super.next();
    switch (event) {
      case START_ELEMENT -> {
        Map<String, String> declared = HashMap.newHashMap(getNamespaceCount());
        for (int i = 0; i < getNamespaceCount(); i++) {
          declared.put(prefix(getNamespacePrefix(i)), prefix(getNamespaceURI(i)));
        }
        startElement(declared);
      }
      case END_ELEMENT -> {
        depth--;
        copy.writeEndElement();
      }
      case CHARACTERS, CDATA, SPACE -> copy.writeCharacters(getText());
      case ENTITY_REFERENCE -> throw new XMLStreamException("an undeclared entity is not allowed");
      default -> {
        // Comments and processing instructions are no content.
      }
    }
    return event;
  }

  private void startElement(Map<String, String> declared) throws XMLStreamException {
    if (++depth > MAX_DEPTH) {
      throw new XMLStreamException("elements are nested too deep");
    }
    copy.writeStartElement(prefix(getPrefix()), getLocalName(), prefix(getNamespaceURI()));
    for (Map.Entry<String, String> namespace : declared.entrySet()) {
      if (namespace.getKey().isEmpty()) {
        copy.writeDefaultNamespace(namespace.getValue());
      } else {
        copy.writeNamespace(namespace.getKey(), namespace.getValue());
      }
    }
    for (int i = 0; i < getAttributeCount(); i++) {
      copy.writeAttribute(
          prefix(getAttributePrefix(i)),
          prefix(getAttributeNamespace(i)),
          getAttributeLocalName(i),
          getAttributeValue(i));
    }
  }

  /** Reads what the item's reader has left unread, up to the item's end element. */
  void finish() throws XMLStreamException {
    while (depth > 0) {
      next();
    }
  }

  /** The item's XML in UTF-8, once it has been read to its end. */
  byte[] bytes() throws XMLStreamException {
    copy.flush();
    return bytes.toByteArray();
  }

  private static String prefix(String maybeNull) {
    return maybeNull == null ? "" : maybeNull;
  }
}
