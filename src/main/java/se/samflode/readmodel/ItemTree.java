package se.samflode.readmodel;

import com.fasterxml.aalto.UncheckedStreamException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * One item, read into nodes within {@link ItemLimits}. Keeps only what stands in the contract's
 * namespaces, and of pictures and documents not their bytes. A first broken limit stands; the rest
 * is only checked for whose it is.
 */
final class ItemTree {

  /** The elements that hold bytes, in their child value. */
  private static final Set<String> MULTIMEDIA = Set.of("multimediaEntry", "actResult", "content");

  private final ItemLayout layout;
  private final ItemCheck check;
  private final Deque<Open> open = new ArrayDeque<>();
  private @Nullable XmlNode item;
  private @Nullable String broken;
  private int depth;
  private int elements;

  /** The depth of the element that is passed by with all it holds; 0 for none. */
  private int passed;

  private ItemTree(ItemLayout layout, Predicate<String> isHis) {
    this.layout = layout;
    this.check = new ItemCheck(layout, isHis);
  }

  /**
   * Reads an item and leaves the stream at its end tag.
   *
   * @throws XMLStreamException if the XML is not well-formed
   * @throws IllegalStateException if the stream is not at a start tag
   */
  static ItemTree read(XMLStreamReader in, ItemLayout layout, Predicate<String> isHis)
      throws XMLStreamException {
    if (!in.isStartElement()) {
      throw new IllegalStateException("the stream must be at the item's start tag");
    }
    ItemTree tree = new ItemTree(layout, isHis);
    try {
      tree.start(in);
      while (tree.depth > 0) {
        tree.take(in.next(), in);
      }
    } catch (UncheckedStreamException lateFinding) {
      // Aalto reads a text when it is first asked for, where it can throw nothing checked.
      throw new XMLStreamException("a text is not well-formed", in.getLocation());
    }
    return tree;
  }

  /** Whose it is, and whether it may be shown. */
  ItemCheck check() {
    return check;
  }

  /**
   * What has been read of it.
   *
   * @throws BrokenRule if it goes beyond a limit
   */
  XmlNode item() throws BrokenRule {
    if (broken != null) {
      throw new BrokenRule(broken);
    }
    if (item == null) {
      throw new IllegalStateException("the item has not been read to its end");
    }
    return item;
  }

  private void take(int event, XMLStreamReader in) {
    switch (event) {
      case XMLStreamConstants.START_ELEMENT -> start(in);
      case XMLStreamConstants.END_ELEMENT -> end();
      case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
          text(in);
      case XMLStreamConstants.ENTITY_REFERENCE -> refuse("entities are not allowed");
      default -> {}
    }
  }

  private void start(XMLStreamReader in) {
    depth++;
    check.open(in, depth);
    if (++elements > ItemLimits.MAX_ELEMENTS) {
      refuse("an item must not have more than " + ItemLimits.MAX_ELEMENTS + " elements");
    }
    if (depth > ItemLimits.MAX_DEPTH) {
      refuse("nesting must not be deeper than " + ItemLimits.MAX_DEPTH);
    }
    if (passed > 0) {
      return;
    }
    Open parent = open.peek();
    if (parent != null) {
      parent.holdsElements = true;
    }
    String namespace = in.getNamespaceURI() == null ? "" : in.getNamespaceURI();
    if (parent != null && (broken != null || !layout.namespaces().contains(namespace))) {
      passed = depth;
    } else {
      open.push(new Open(namespace, in.getLocalName(), parent));
    }
  }

  private void text(XMLStreamReader in) {
    check.append(in, depth);
    Open element = open.peek();
    if (passed > 0 || element == null || element.bytes) {
      return;
    }
    if (element.text.length() + in.getTextLength() > ItemLimits.MAX_TEXT) {
      refuse("a text must not be longer than " + ItemLimits.MAX_TEXT + " characters");
    } else {
      element.text.append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
    }
  }

  private void end() {
    check.close(depth);
    if (passed == 0) {
      XmlNode node = open.pop().node();
      Open parent = open.peek();
      if (parent == null) {
        item = node;
      } else {
        parent.children.add(node);
      }
    } else if (passed == depth) {
      passed = 0;
    }
    depth--;
  }

  private void refuse(String rule) {
    if (broken == null) {
      broken = rule;
    }
  }

  /** An element whose end has not come yet. */
  private static final class Open {

    private final String namespace;
    private final String name;
    private final boolean bytes;
    private final StringBuilder text = new StringBuilder();
    private final List<XmlNode> children = new ArrayList<>();
    private boolean holdsElements;

    Open(String namespace, String name, @Nullable Open parent) {
      this.namespace = namespace;
      this.name = name;
      this.bytes = parent != null && name.equals("value") && MULTIMEDIA.contains(parent.name);
    }

    XmlNode node() {
      return new XmlNode(namespace, name, text.toString().strip(), holdsElements, children);
    }
  }
}
