package se.samflode.contract;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import javax.xml.stream.util.StreamReaderDelegate;
import org.jspecify.annotations.Nullable;

/**
 * Passes the events of one element to a reader and keeps the element's own XML on the way, with
 * every namespace in scope declared on it, so that it can stand in another document; and keeps the
 * texts that some paths lead to. Of an element that is nested too deep nothing is kept. For one
 * thread.
 */
final class XmlTee extends StreamReaderDelegate {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private final XMLStreamWriter copy;
  private final List<Watch> watches;
  private final List<Piece> pieces;
  private final ItemSchema.@Nullable Check check;
  private int depth;
  private boolean whole = true;

  /**
   * @param in a reader at the start of the element
   * @param scope the namespaces in scope around it, by prefix ("" for the default)
   * @param check judges the element; {@code null} if nobody does
   */
  XmlTee(
      XMLStreamReader in,
      Map<String, String> scope,
      List<Watch> watches,
      List<Piece> pieces,
      ItemSchema.@Nullable Check check)
      throws XMLStreamException {
    super(in);
    this.check = check;
    this.copy = Xml.writer(bytes);
    this.watches = watches;
    this.pieces = pieces;
    Map<String, String> declared = new HashMap<>(scope);
    declared.putAll(declared());
    if (check != null) {
      check.begin();
    }
    startElement(declared);
  }

  /** Tells where in the copy the elements stand that a path leads to. */
  static final class Piece {

    private final ElementPath path;
    private final List<Cut> places = new ArrayList<>(1);
    private int from = -1;

    Piece(String path) {
      this.path = new ElementPath(path);
    }

    List<Cut> places() {
      return places;
    }
  }

  /** Keeps the texts of the elements a path leads to. */
  static final class Watch {

    private final ElementPath path;
    private final boolean replaced;
    private final List<String> texts = new ArrayList<>(1);
    private final List<Integer> places = new ArrayList<>(1);
    private @Nullable StringBuilder open;

    /**
     * @param replaced whether the text is left out of the copy, for another to stand in its place
     */
    Watch(String path, boolean replaced) {
      this.path = new ElementPath(path);
      this.replaced = replaced;
    }

    /** The texts without blanks around them, in the order in which they stand. */
    List<String> texts() {
      return texts;
    }

    /** Where in the copy a text was left out, bytes from its beginning. */
    List<Integer> places() {
      return places;
    }
  }

  @Override
  public int next() throws XMLStreamException {
    int event = super.next();
    switch (event) {
      case START_ELEMENT -> {
        startPieces();
        startElement(getNamespaceCount() == 0 ? Map.of() : declared());
        startWatches();
      }
      case END_ELEMENT -> {
        if (depth > 1) {
          endWatches();
        }
        boolean inside = depth > 1;
        if (depth-- <= Xml.MAX_DEPTH) {
          copy.writeEndElement();
          if (inside) {
            endPieces();
          }
          endCheck();
        }
      }
      case CHARACTERS, CDATA, SPACE -> characters();
      case ENTITY_REFERENCE -> throw new XMLStreamException("an undeclared entity is not allowed");
      default -> {
        // Comments and processing instructions are no content.
      }
    }
    return event;
  }

  /** The namespaces that the element at hand declares, by prefix. */
  private Map<String, String> declared() {
    Map<String, String> declared = HashMap.newHashMap(getNamespaceCount());
    for (int i = 0; i < getNamespaceCount(); i++) {
      declared.put(text(getNamespacePrefix(i)), text(getNamespaceURI(i)));
    }
    return declared;
  }

  private void startElement(Map<String, String> declared) throws XMLStreamException {
    if (++depth > Xml.MAX_DEPTH) {
      whole = false;
      return;
    }
    if (check != null) {
      check.start(this, declared);
    }
    copy.writeStartElement(text(getPrefix()), getLocalName(), text(getNamespaceURI()));
    for (Map.Entry<String, String> namespace : declared.entrySet()) {
      if (namespace.getKey().isEmpty()) {
        copy.writeDefaultNamespace(namespace.getValue());
      } else {
        copy.writeNamespace(namespace.getKey(), namespace.getValue());
      }
    }
    for (int i = 0; i < getAttributeCount(); i++) {
      copy.writeAttribute(
          text(getAttributePrefix(i)),
          text(getAttributeNamespace(i)),
          getAttributeLocalName(i),
          getAttributeValue(i));
    }
  }

  private void startPieces() throws XMLStreamException {
    if (depth >= Xml.MAX_DEPTH) {
      return;
    }
    for (Piece piece : pieces) {
      if (piece.path.start(getLocalName())) {
        // An empty text closes the tag before, so that the piece begins with its own.
        copy.writeCharacters("");
        copy.flush();
        piece.from = bytes.size();
      }
    }
  }

  private void endPieces() throws XMLStreamException {
    for (Piece piece : pieces) {
      if (piece.path.end()) {
        copy.flush();
        piece.places.add(new Cut(piece.from, bytes.size()));
      }
    }
  }

  private void startWatches() throws XMLStreamException {
    for (Watch watch : watches) {
      if (watch.path.start(getLocalName())) {
        watch.open = new StringBuilder();
        if (watch.replaced && depth <= Xml.MAX_DEPTH) {
          // An empty text closes the start tag, so that the place is behind it.
          copy.writeCharacters("");
          copy.flush();
          watch.places.add(bytes.size());
        }
      }
    }
  }

  private void endCheck() throws XMLStreamException {
    if (check != null) {
      check.end(this);
      if (depth == 0) {
        check.finish();
      }
    }
  }

  private void endWatches() {
    for (Watch watch : watches) {
      if (watch.path.end() && watch.open != null) {
        watch.texts.add(watch.open.toString().strip());
        watch.open = null;
      }
    }
  }

  private void characters() throws XMLStreamException {
    boolean replaced = false;
    for (Watch watch : watches) {
      if (watch.path.inside() && watch.open != null) {
        watch.open.append(getText());
        replaced |= watch.replaced;
      }
    }
    if (depth <= Xml.MAX_DEPTH && !replaced) {
      copy.writeCharacters(getText());
      if (check != null) {
        check.text(this);
      }
    }
  }

  /** Reads what the element's reader has left unread, up to its end. */
  void finish() throws XMLStreamException {
    while (depth > 0) {
      next();
    }
  }

  /** Whether nothing was nested too deep, once it has been read to its end. */
  boolean isWhole() {
    return whole;
  }

  /** The element's XML in UTF-8, once it has been read to its end. */
  byte[] bytes() throws XMLStreamException {
    copy.flush();
    return bytes.toByteArray();
  }

  private static String text(@Nullable String maybeNull) {
    return maybeNull == null ? "" : maybeNull;
  }
}
