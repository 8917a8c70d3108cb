package se.samflode.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** One thing that is done to an element; most documents are not valid after that. */
enum Breakage {
  REMOVED,
  DOUBLED,
  SWAPPED,
  EMPTIED,
  OTHER_TEXT,
  UNKNOWN_BESIDE,
  FOREIGN_BESIDE,
  WITHOUT_NAMESPACE,
  OTHER_NAMESPACE,
  ATTRIBUTE;

  /** Some breakage. */
  static Breakage one(Random random) {
    List<Breakage> all = List.of(values());
    return all.get(random.nextInt(all.size()));
  }

  /** Does this to some element below the root; nothing where the root is empty. */
  void in(Document document, Random random) {
    NodeList below = document.getDocumentElement().getElementsByTagName("*");
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < below.getLength(); i++) {
      elements.add((Element) below.item(i));
    }
    if (!elements.isEmpty()) {
      at(elements.get(random.nextInt(elements.size())), random);
    }
  }

  private void at(Element element, Random random) {
    Document document = element.getOwnerDocument();
    Node parent = element.getParentNode();
    Node next = element.getNextSibling();
    Node nextOrEnd = random.nextBoolean() ? next : null;
    switch (this) {
      case REMOVED -> parent.removeChild(element);
      case DOUBLED -> parent.insertBefore(element.cloneNode(true), next);
      case SWAPPED -> parent.insertBefore(element, next == null ? null : next.getNextSibling());
      case EMPTIED -> element.setTextContent("");
      case OTHER_TEXT -> changeText(element, random);
      case UNKNOWN_BESIDE ->
          parent.insertBefore(
              document.createElementNS(element.getNamespaceURI(), "unknown"), nextOrEnd);
      case FOREIGN_BESIDE -> parent.insertBefore(SchemaDocuments.foreign(document), nextOrEnd);
      case WITHOUT_NAMESPACE -> document.renameNode(element, null, element.getLocalName());
      case OTHER_NAMESPACE ->
          document.renameNode(element, SchemaDocuments.FOREIGN, element.getLocalName());
      case ATTRIBUTE -> element.setAttribute("kind", "x");
    }
  }

  private static void changeText(Element element, Random random) {
    if (element.getElementsByTagName("*").getLength() == 0) {
      element.setTextContent(SampleTexts.rubbish(element.getTextContent(), random));
    } else {
      String text = random.nextBoolean() ? " " : "x";
      element.insertBefore(
          element.getOwnerDocument().createTextNode(text), element.getFirstChild());
    }
  }
}
