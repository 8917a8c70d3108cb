package se.samflode.contract;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
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
 * @param types the global complex types by name
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
   * @param type the local name of what it takes its content from: an element's type, what a type
   *     extends; empty if it names none
   * @param children its own child elements, each with the local name of its type
   */
  record Node(String type, Map<String, String> children) {}

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
      case "complexType" -> types.put(attribute(xml, "name"), node(xml));
      default -> Xml.skip(xml);
    }
  }

  private static Node node(XMLStreamReader xml) throws XMLStreamException {
    String type = local(attribute(xml, "type"));
    Map<String, String> children = new LinkedHashMap<>();
    int open = 1;
    while (open > 0) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT) {
        open--;
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        if ("element".equals(xml.getLocalName())) {
          String name = attribute(xml, "name");
          children.put(
              name.isEmpty() ? local(attribute(xml, "ref")) : name, local(attribute(xml, "type")));
          Xml.skip(xml);
        } else {
          if ("extension".equals(xml.getLocalName())) {
            type = local(attribute(xml, "base"));
          }
          open++;
        }
      }
    }
    return new Node(type, children);
  }

  /** The child elements of a global element, each with its type; {@code null} if there is none. */
  @Nullable Map<String, String> childrenOf(String element) {
    Node node = elements.get(element);
    if (node == null) {
      return null;
    }
    Node type = types.get(node.type());
    return type == null ? node.children() : type.children();
  }

  /**
   * Follows a path from a complex type on.
   *
   * @return the first step that leads nowhere; {@code null} if all lead somewhere, or on into types
   *     that another file declares
   */
  @Nullable String lostStep(String type, String path) {
    String at = type;
    for (String step : Arrays.asList(path.split("/", -1))) {
      Map<String, String> children = children(at);
      if (children == null) {
        return null;
      }
      String next = children.get(step);
      if (next == null) {
        return step;
      }
      at = next;
    }
    return null;
  }

  private @Nullable Map<String, String> children(String type) {
    Map<String, String> all = new LinkedHashMap<>();
    String at = type;
    while (!at.isEmpty()) {
      Node node = types.get(at);
      if (node == null) {
        return null;
      }
      all.putAll(node.children());
      at = node.type();
    }
    return all.isEmpty() ? null : all;
  }

  /** Where a location that stands in a file leads. */
  static String resolve(String file, String location) {
    return URI.create("classpath:/" + file).resolve(location).getPath().substring(1);
  }

  private static String attribute(XMLStreamReader xml, String name) {
    return Objects.requireNonNullElse(xml.getAttributeValue(null, name), "");
  }

  private static String local(String qualified) {
    return qualified.substring(qualified.indexOf(':') + 1);
  }

  /** Names as a sentence lists them. */
  static String list(Map<String, String> children) {
    return children.keySet().stream().sorted().collect(Collectors.joining(", "));
  }
}
