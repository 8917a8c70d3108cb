package se.samflode.contract;

import java.io.StringReader;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.ws.commons.schema.XmlSchemaAny;
import org.apache.ws.commons.schema.XmlSchemaCollection;
import org.apache.ws.commons.schema.XmlSchemaComplexType;
import org.apache.ws.commons.schema.XmlSchemaElement;
import org.apache.ws.commons.schema.XmlSchemaParticle;
import org.apache.ws.commons.schema.XmlSchemaSequence;
import org.apache.ws.commons.schema.XmlSchemaSimpleType;
import org.apache.ws.commons.schema.XmlSchemaType;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Random valid documents of a schema: optional elements in and out, repeated ones up to three
 * times, foreign elements where the schema lets them in. Equal randoms give equal documents. Knows
 * only what the contracts' schemas use, and fails at anything else.
 */
final class SchemaDocuments {

  static final String FOREIGN = "urn:foreign";

  private final XmlSchemaCollection schemas = new XmlSchemaCollection();
  private final DocumentBuilder builder;
  private final Random random;
  private final SampleTexts texts;

  /** How many more elements the present document may get beside those it must have. */
  private int left;

  /** How often the present document has what it may have, 0 to 1. */
  private double fill;

  /**
   * Reads schemas.
   *
   * @param texts of the schemas, those that others import first
   */
  SchemaDocuments(List<String> texts, Random random) throws ParserConfigurationException {
    texts.forEach(text -> schemas.read(new StringReader(text)));
    this.builder = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder();
    this.random = random;
    this.texts = new SampleTexts(schemas, random);
  }

  /** A valid document with this root. */
  Document next(QName root) {
    left = 1 << random.nextInt(9);
    fill = random.nextDouble();
    Document document = builder.newDocument();
    document.appendChild(element(document, schemas.getElementByQName(root)));
    return document;
  }

  /** An element that no schema knows. */
  static Element foreign(Document document) {
    Element element = document.createElementNS(FOREIGN, "more");
    element.setAttribute("kind", "x");
    element.appendChild(document.createElementNS(FOREIGN, "inner")).setTextContent("å");
    return element;
  }

  private Element element(Document document, XmlSchemaElement declared) {
    XmlSchemaElement target =
        declared.isRef() ? schemas.getElementByQName(declared.getRef().getTargetQName()) : declared;
    QName name = target.getWireName();
    Element element = document.createElementNS(name.getNamespaceURI(), name.getLocalPart());
    left--;
    QName typeName = target.getSchemaTypeName();
    if (typeName != null && typeName.getNamespaceURI().equals(XMLConstants.W3C_XML_SCHEMA_NS_URI)) {
      element.setTextContent(texts.valid(typeName));
      return element;
    }
    XmlSchemaType type =
        typeName == null ? target.getSchemaType() : schemas.getTypeByQName(typeName);
    switch (Objects.requireNonNull(type, () -> name + " has no type")) {
      case XmlSchemaSimpleType simple -> element.setTextContent(texts.valid(simple));
      case XmlSchemaComplexType complex -> fill(element, complex);
      default -> throw new IllegalStateException(name + " has a type of unknown kind");
    }
    return element;
  }

  private void fill(Element parent, XmlSchemaComplexType type) {
    if (!(type.getParticle() instanceof XmlSchemaSequence sequence)
        || !type.getAttributes().isEmpty()) {
      throw new IllegalStateException(parent.getLocalName() + " is no sequence of elements only");
    }
    for (Object item : sequence.getItems()) {
      switch (item) {
        case XmlSchemaElement declared -> {
          for (int count = count(declared); count > 0; count--) {
            parent.appendChild(element(parent.getOwnerDocument(), declared));
          }
        }
        case XmlSchemaAny any -> {
          for (int count = count(any); count > 0; count--) {
            parent.appendChild(foreign(parent.getOwnerDocument()));
          }
        }
        default -> throw new IllegalStateException("unknown in a sequence: " + item.getClass());
      }
    }
  }

  private int count(XmlSchemaParticle particle) {
    boolean closed = particle instanceof XmlSchemaAny any && !"##other".equals(any.getNamespace());
    if (closed || left <= 0 || random.nextDouble() >= fill) {
      return (int) particle.getMinOccurs();
    }
    long most = Math.min(3, particle.getMaxOccurs());
    return (int) random.nextLong(Math.max(1, particle.getMinOccurs()), most + 1);
  }
}
