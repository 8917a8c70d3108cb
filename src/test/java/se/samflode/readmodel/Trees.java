package se.samflode.readmodel;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** Changes documents as trees, with another parser than the readers have. */
final class Trees {

  private Trees() {}

  static Document parse(String document) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setCoalescing(true);
    var builder = factory.newDocumentBuilder();
    builder.setErrorHandler(null);
    return builder.parse(new InputSource(new StringReader(document)));
  }

  /** Every element that holds elements gets two more, one of them in the contract's namespace. */
  static String withUnknownElements(String item) throws Exception {
    Document document = parse(item);
    decorate(document.getDocumentElement());
    return text(document);
  }

  private static void decorate(Element element) {
    List<Element> children = children(element);
    children.forEach(Trees::decorate);
    if (!children.isEmpty()) {
      Document document = element.getOwnerDocument();
      Element known = children.getFirst();
      Element foreign = document.createElementNS("urn:x", known.getLocalName());
      foreign.appendChild(known.cloneNode(true));
      element.insertBefore(foreign, known);
      element.appendChild(document.createElementNS(known.getNamespaceURI(), "unknown"));
    }
  }

  /** The header's elements, or those of an item without header, stand the other way round. */
  static String withHeaderReversed(String item) throws Exception {
    Document document = parse(item);
    Element root = document.getDocumentElement();
    Element first = children(root).getFirst();
    Element reversed = children(first).isEmpty() ? root : first;
    List<Element> children = new ArrayList<>(children(reversed));
    Collections.reverse(children);
    children.forEach(reversed::appendChild);
    return text(document);
  }

  /** Says everything twice. */
  static String withRootsChildrenTwice(String item) throws Exception {
    Document document = parse(item);
    Element root = document.getDocumentElement();
    children(root).forEach(child -> root.appendChild(child.cloneNode(true)));
    return text(document);
  }

  static List<Element> children(Element element) {
    List<Element> children = new ArrayList<>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        children.add(child);
      }
    }
    return children;
  }

  private static String text(Document document) throws Exception {
    Transformer transformer = TransformerFactory.newInstance().newTransformer();
    transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    StringWriter text = new StringWriter();
    transformer.transform(new DOMSource(document), new StreamResult(text));
    return text.toString();
  }
}
