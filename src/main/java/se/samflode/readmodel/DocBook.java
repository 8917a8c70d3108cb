package se.samflode.readmodel;

import com.fasterxml.aalto.UncheckedStreamException;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.StringReader;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Turns a DocBook fragment (4 or 5, namespaces not looked at) into plain text. DTDs are refused,
 * entities stay as they are written, size and depth are bounded.
 */
final class DocBook {

  private static final int MAX_LENGTH = ItemLimits.MAX_TEXT;
  private static final int TOP = 2;
  private static final int MAX_DEPTH = 50;

  private static final Pattern XML_DECLARATION = Pattern.compile("^\\s*<\\?xml\\s[^>]*\\?>");

  /** What a fragment may begin with, and keep on with at the top. */
  private static final Set<String> OUTER =
      Set.of(
          "article",
          "book",
          "chapter",
          "section",
          "sect1",
          "sect2",
          "sect3",
          "simplesect",
          "info",
          "title",
          "subtitle",
          "para",
          "simpara",
          "formalpara",
          "itemizedlist",
          "orderedlist",
          "variablelist",
          "simplelist",
          "procedure",
          "note",
          "important",
          "warning",
          "caution",
          "tip",
          "blockquote",
          "literallayout",
          "informaltable",
          "emphasis",
          "link",
          "ulink");

  /** Stand within a line; every other element begins a new one, so that no words run together. */
  private static final Set<String> INLINE =
      Set.of(
          "emphasis",
          "link",
          "ulink",
          "phrase",
          "quote",
          "subscript",
          "superscript",
          "abbrev",
          "acronym",
          "email",
          "phone",
          "foreignphrase",
          "firstterm",
          "glossterm",
          "citetitle",
          "literal",
          "personname",
          "firstname",
          "surname",
          "orgname",
          "date");

  private static final Set<String> ITEMS = Set.of("listitem", "member", "step");

  private static final Set<String> LINKS = Set.of("link", "ulink");

  private static final String XLINK = "http://www.w3.org/1999/xlink";

  private static final XMLInputFactory XML = factory();

  private final StringBuilder out = new StringBuilder();
  private boolean lineBegins = true;
  private boolean literal;
  private int elements;

  private DocBook() {}

  /** The text of a DocBook fragment; empty if it is none, or not well-formed. */
  static Optional<String> toText(String text) {
    if (text.length() > MAX_LENGTH || text.indexOf('<') < 0) {
      return Optional.empty();
    }
    String body = XML_DECLARATION.matcher(text).replaceFirst("");
    // A fragment may have several outer elements, and may use xlink without saying so.
    String document = "<fragment xmlns:xlink=\"" + XLINK + "\">" + body + "</fragment>";
    DocBook docBook = new DocBook();
    try {
      XMLStreamReader in = XML.createXMLStreamReader(new StringReader(document));
      in.nextTag();
      docBook.children(in, 1);
      // Behind the outermost element only its end can come, unless the text closed it itself.
      boolean whole = in.next() == XMLStreamConstants.END_DOCUMENT;
      return whole && docBook.elements > 0 ? Optional.of(docBook.out.toString()) : Optional.empty();
    } catch (XMLStreamException | UncheckedStreamException notXml) {
      return Optional.empty();
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    return factory;
  }

  private void children(XMLStreamReader in, int depth) throws XMLStreamException {
    for (int event = in.next(); event != XMLStreamConstants.END_ELEMENT; event = in.next()) {
      switch (event) {
        case XMLStreamConstants.START_ELEMENT -> element(in, depth + 1);
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            text(in.getText());
        case XMLStreamConstants.ENTITY_REFERENCE -> text("&" + in.getLocalName() + ";");
        default -> {}
      }
    }
  }

  private void element(XMLStreamReader in, int depth) throws XMLStreamException {
    String name = in.getLocalName();
    if (depth > MAX_DEPTH || (depth == TOP && !OUTER.contains(name))) {
      throw new XMLStreamException("not a DocBook fragment");
    }
    elements++;
    boolean inline = INLINE.contains(name);
    String address = LINKS.contains(name) ? address(in) : null;
    if (!inline) {
      endLine();
    }
    String mark = ITEMS.contains(name) ? "- " : "";
    out.append(mark);
    int from = out.length();
    boolean outerLiteral = literal;
    literal = literal || name.equals("literallayout");
    children(in, depth);
    literal = outerLiteral;
    if (address != null && !out.substring(from).strip().equals(address)) {
      text(out.length() == from ? address : " (" + address + ")");
    }
    if (out.length() == from) {
      out.setLength(from - mark.length());
    }
    if (!inline) {
      endLine();
    }
  }

  private static @Nullable String address(XMLStreamReader link) {
    String url = link.getAttributeValue(null, "url");
    return url == null ? link.getAttributeValue(XLINK, "href") : url;
  }

  private void text(String text) {
    if (literal) {
      out.append(text);
      lineBegins = text.endsWith("\n");
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
      if (!space) {
        out.append(c);
        lineBegins = false;
      } else if (!lineBegins && out.charAt(out.length() - 1) != ' ') {
        out.append(' ');
      }
    }
  }

  private void endLine() {
    if (!lineBegins) {
      out.append('\n');
      lineBegins = true;
    }
  }
}
