package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.dom.DOMSource;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A SOAP message as a test looks at it. */
record SoapXml(Document document) {

  static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
  static final String RESPONDER = "urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1";
  static final String CORE = "urn:riv:crm:scheduling:1";
  static final String HEADERS = "urn:riv:interoperability:headers:1";
  static final String EXTENSION = "urn:samflode:processing-status:1";

  static final String OWN_SCHEDULE =
      "contracts/rivta/crm/scheduling/GetSubjectOfCareSchedule/1/"
          + "GetSubjectOfCareScheduleResponder_1.1.xsd";
  static final String OWN_HEADERS =
      "contracts/rivta/interoperability/headers/core/interoperability_headers_1.0.xsd";

  static SoapXml parse(String text) throws ParserConfigurationException, IOException, SAXException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return new SoapXml(
        factory.newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes(UTF_8))));
  }

  List<Element> elements(String namespace, String name) {
    NodeList found = document.getElementsByTagNameNS(namespace, name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  Element first(String namespace, String name) {
    return elements(namespace, name).getFirst();
  }

  List<String> texts(String namespace, String name) {
    return elements(namespace, name).stream().map(Node::getTextContent).toList();
  }

  /** The one element in the body. */
  Element bodyElement() {
    Node node = first(SOAP, "Body").getFirstChild();
    while (!(node instanceof Element element)) {
      node = Objects.requireNonNull(node).getNextSibling();
    }
    return element;
  }

  /** Fails unless an element is valid against a packaged schema. */
  static void assertValid(Element element, String schema) throws SAXException, IOException {
    URL url = Objects.requireNonNull(SoapXml.class.getClassLoader().getResource(schema));
    SchemaFactory.newDefaultInstance()
        .newSchema(url)
        .newValidator()
        .validate(new DOMSource(element));
  }

  /** An element with all names resolved: equal for elements that mean the same. */
  static String canonical(Node node) {
    StringBuilder text = new StringBuilder();
    append(node, text);
    return text.toString();
  }

  private static void append(Node node, StringBuilder text) {
    if (node instanceof Element element) {
      text.append('<').append(name(element));
      TreeMap<String, String> attributes = new TreeMap<>();
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        Attr attribute = (Attr) element.getAttributes().item(i);
        if (!"http://www.w3.org/2000/xmlns/".equals(attribute.getNamespaceURI())) {
          attributes.put(name(attribute), attribute.getValue());
        }
      }
      text.append(attributes).append('>');
      for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
        append(child, text);
      }
      text.append("</>");
    } else if (node.getNodeType() == Node.TEXT_NODE
        || node.getNodeType() == Node.CDATA_SECTION_NODE) {
      text.append(node.getNodeValue());
    }
  }

  private static String name(Node node) {
    return "{" + node.getNamespaceURI() + "}" + node.getLocalName();
  }
}
