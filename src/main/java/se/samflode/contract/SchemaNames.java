package se.samflode.contract;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import se.samflode.config.InvalidFile;

/**
 * The names that a schema file declares, as far as a descriptor can name them. Immutable.
 *
 * @param file on the class path
 * @param namespace its target namespace; empty if it has none
 * @param imports where it imports namespaces from, as class path locations
 * @param elements the global elements by name
 * @param types the global types by name; simple ones have no children
 */
record SchemaNames(
    String file,
    String namespace,
    Map<String, String> imports,
    Map<String, Node> elements,
    Map<String, Node> types) {

  /**
   * An element or a complex type.
   *
   * @param type what it takes its content from: an element's type, what a type extends; {@link
   *     #UNNAMED} if it names none
   * @param children its own child elements, each with its type, or {@link #UNNAMED}
   */
  record Node(QName type, Map<String, QName> children) {}

  /** The type of an element that names none. */
  static final QName UNNAMED = new QName("");

  /**
   * Reads a file.
   *
   * @throws InvalidFile if it is missing or no well-formed XML
   */
  static SchemaNames read(String file) {
    try (InputStream in = new ClassPathResource(file).getInputStream()) {
      XMLStreamReader xml = Xml.atRoot(in, null);
      SchemaNames names =
          new SchemaNames(
              file,
              attribute(xml, "targetNamespace"),
              new HashMap<>(),
              new HashMap<>(),
              new HashMap<>());
      while (Xml.nextChild(xml)) {
        names.declare(xml);
      }
      return names;
    } catch (XMLStreamException e) {
      throw new InvalidFile(file, "the file is not well-formed XML, or has a DOCTYPE");
    } catch (IOException e) {
      throw new InvalidFile(
          file, "the file is missing; see docs/add-a-contract.md for how files are named");
    }
  }

  private void declare(XMLStreamReader xml) throws XMLStreamException {
    switch (xml.getLocalName()) {
      case "import" -> {
        String location = attribute(xml, "schemaLocation");
        if (!location.isEmpty()) {
          imports.put(attribute(xml, "namespace"), resolve(file, location));
        }
        Xml.skip(xml);
      }
      case "element" -> elements.put(attribute(xml, "name"), node(xml));
      case "complexType", "simpleType" -> types.put(attribute(xml, "name"), node(xml));
      default -> Xml.skip(xml);
    }
  }

  private static Node node(XMLStreamReader xml) throws XMLStreamException {
    QName type = name(xml, "type");
    Map<String, QName> children = new LinkedHashMap<>();
    int open = 1;
    while (open > 0) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT) {
        open--;
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        if ("element".equals(xml.getLocalName())) {
          String name = attribute(xml, "name");
          children.put(name.isEmpty() ? name(xml, "ref").getLocalPart() : name, name(xml, "type"));
          Xml.skip(xml);
        } else {
          if ("extension".equals(xml.getLocalName())) {
            type = name(xml, "base");
          }
          open++;
        }
      }
    }
    return new Node(type, children);
  }

  /** The child elements of a global element, each with its type; {@code null} if there is none. */
  @Nullable Map<String, QName> childrenOf(String element) {
    Node node = elements.get(element);
    if (node == null) {
      return null;
    }
    Node type = types.get(node.type().getLocalPart());
    return type == null ? node.children() : type.children();
  }

  /**
   * The child elements of a complex type of this file, those of what it extends included.
   *
   * @return empty if it has none, as a simple type; {@code null} if another file declares it, or
   *     what it extends, so that nobody knows here
   */
  @Nullable Map<String, QName> childrenOfType(QName type) {
    Map<String, QName> all = new LinkedHashMap<>();
    QName at = type;
    while (!at.equals(UNNAMED) && !isBuiltIn(at)) {
      Node node = at.getNamespaceURI().equals(namespace) ? types.get(at.getLocalPart()) : null;
      if (node == null) {
        return null;
      }
      all.putAll(node.children());
      at = node.type();
    }
    return all;
  }

  /** Whether a type is one of XML Schema's own, which have no elements. */
  static boolean isBuiltIn(QName type) {
    return type.getNamespaceURI().equals(XMLConstants.W3C_XML_SCHEMA_NS_URI);
  }

  /** Where a location that stands in a file leads. */
  static String resolve(String file, String location) {
    return URI.create("classpath:/" + file).resolve(location).getPath().substring(1);
  }

  private static String attribute(XMLStreamReader xml, String name) {
    return Objects.requireNonNullElse(xml.getAttributeValue(null, name), "");
  }

  /** An attribute's value as a name; {@link #UNNAMED} if it is missing. */
  private static QName name(XMLStreamReader xml, String attribute) {
    String text = attribute(xml, attribute);
    int colon = text.indexOf(':');
    String namespace = xml.getNamespaceURI(colon < 0 ? "" : text.substring(0, colon));
    return text.isEmpty()
        ? UNNAMED
        : new QName(Objects.requireNonNullElse(namespace, ""), text.substring(colon + 1));
  }

  /** Names as a sentence lists them. */
  static String list(Map<String, QName> children) {
    return children.keySet().stream().sorted().collect(Collectors.joining(", "));
  }
}
