package se.samflode.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.ValidatorHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.w3c.dom.bootstrap.DOMImplementationRegistry;
import org.w3c.dom.ls.DOMImplementationLS;
import org.w3c.dom.ls.LSInput;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.AttributesImpl;
import se.samflode.config.InvalidFile;

/**
 * The schema of a contract's items, one at a time: an item is judged by itself, so that a bad one
 * does not take its siblings with it. Thread-safe.
 */
final class ItemSchema {

  private static final String SCHEME = "classpath";
  private static final int MOST_IDLE = 16;

  private final Schema schema;

  /** A validator is dearer to make than an item is to judge. */
  private final BlockingQueue<Check> idle = new ArrayBlockingQueue<>(MOST_IDLE);

  private ItemSchema(Schema schema) {
    this.schema = schema;
  }

  /**
   * Compiles what the contract's own schemas say of its item.
   *
   * @param core the schema of the namespace {@code core}, on the class path
   * @throws InvalidFile if they are missing or wrong
   */
  static ItemSchema of(Contract contract, String core) {
    try {
      SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, SCHEME);
      DOMImplementationLS inputs =
          (DOMImplementationLS) DOMImplementationRegistry.newInstance().getDOMImplementation("LS");
      factory.setResourceResolver(
          (type, namespace, publicId, location, base) -> input(inputs, location, base));
      return new ItemSchema(
          factory.newSchema(
              new StreamSource(
                  new ByteArrayInputStream(itemAlone(contract, core)),
                  SCHEME + ":/" + core + "-item")));
    } catch (SAXParseException e) {
      throw new InvalidFile(
          file(Objects.requireNonNullElse(e.getSystemId(), core)),
          "line " + e.getLineNumber() + ": " + e.getMessage());
    } catch (SAXException | ReflectiveOperationException e) {
      throw new InvalidFile(core, "the schema cannot be compiled: " + e.getMessage());
    }
  }

  private static String file(String systemId) {
    return systemId.replaceFirst("^" + SCHEME + ":/", "");
  }

  /** A schema in which the item is a document of its own. */
  private static byte[] itemAlone(Contract contract, String core) {
    return """
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:core="%2$s" \
    targetNamespace="%1$s" elementFormDefault="qualified">
    <xs:import namespace="%2$s" schemaLocation="%3$s"/>
    <xs:element name="%4$s" type="core:%5$s"/>
    </xs:schema>
    """
        .formatted(
            contract.interaction().namespace(),
            contract.core(),
            SCHEME + ":/" + core,
            contract.item().element(),
            contract.item().type())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable LSInput input(
      DOMImplementationLS inputs, @Nullable String location, @Nullable String base) {
    if (location == null) {
      // An import that names no file: the compiler tells what it then lacks.
      return null;
    }
    URI resolved = URI.create(Objects.requireNonNull(base)).resolve(location);
    String path = resolved.getPath().substring(1);
    try (InputStream in = new ClassPathResource(path).getInputStream()) {
      LSInput input = inputs.createLSInput();
      input.setByteStream(new ByteArrayInputStream(in.readAllBytes()));
      input.setSystemId(resolved.toString());
      return input;
    } catch (IOException e) {
      throw new InvalidFile(path, "the file is missing; " + file(base) + " imports it");
    }
  }

  /** A check of the items of one answer, one after the other. */
  Check check() {
    Check used = idle.poll();
    return used == null ? new Check(schema.newValidatorHandler()) : used;
  }

  /** Keeps a check for another answer, once it has judged its last item to the end. */
  void takeBack(Check check) {
    if (check.taken < Check.MOST_TAKEN) {
      idle.offer(check);
    }
  }

  /** Judges items as they pass by, each by itself. For one thread. */
  static final class Check implements ErrorHandler {

    private static final int MOST_RULES = 5;

    /**
     * Characters after which it is thrown away: the validator keeps every name it has met, and room
     * for the longest text.
     */
    private static final long MOST_TAKEN = 256 * 1024;

    private static final Pattern RULE = Pattern.compile("[a-z]+-[a-zA-Z0-9.-]+");

    /** A name without digits can be no identity number. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]{1,60}");

    private final ValidatorHandler handler;
    private final List<String> broken = new ArrayList<>(0);
    private String element = "";
    private long taken;

    Check(ValidatorHandler handler) {
      this.handler = handler;
      handler.setErrorHandler(this);
    }

    /**
     * The rules of XML Schema that the item breaks, each with the element at which that was seen,
     * such as {@code cvc-complex-type.2.4.a at documentTitle}; the first few, and never a value.
     */
    List<String> broken() {
      return broken;
    }

    void begin() throws XMLStreamException {
      broken.clear();
      pass(handler::startDocument);
    }

    void start(XMLStreamReader at, Map<String, String> declared) throws XMLStreamException {
      element = at.getLocalName();
      taken += element.length() + namespace(at).length();
      AttributesImpl attributes = new AttributesImpl();
      for (int i = 0; i < at.getAttributeCount(); i++) {
        String name = at.getAttributeLocalName(i);
        taken += name.length();
        attributes.addAttribute(
            Objects.requireNonNullElse(at.getAttributeNamespace(i), ""),
            name,
            name,
            "CDATA",
            at.getAttributeValue(i));
      }
      pass(() -> {
        for (Map.Entry<String, String> namespace : declared.entrySet()) {
          handler.startPrefixMapping(namespace.getKey(), namespace.getValue());
        }
        handler.startElement(namespace(at), element, element, attributes);
      });
    }

    void text(XMLStreamReader at) throws XMLStreamException {
      taken += at.getTextLength();
      pass(() -> handler.characters(at.getTextCharacters(), at.getTextStart(), at.getTextLength()));
    }

    void end(XMLStreamReader at) throws XMLStreamException {
      element = at.getLocalName();
      pass(() -> handler.endElement(namespace(at), element, element));
    }

    void finish() throws XMLStreamException {
      pass(handler::endDocument);
    }

    private static String namespace(XMLStreamReader at) {
      return Objects.requireNonNullElse(at.getNamespaceURI(), "");
    }

    private void pass(Event event) throws XMLStreamException {
      try {
        event.pass();
      } catch (SAXException e) {
        throw new XMLStreamException("an item could not be judged");
      }
    }

    /** One event for the validator. */
    private interface Event {
      void pass() throws SAXException;
    }

    @Override
    public void warning(SAXParseException e) {
      // Says nothing of validity.
    }

    @Override
    public void error(SAXParseException e) {
      if (broken.size() < MOST_RULES) {
        String text = String.valueOf(e.getMessage());
        String rule = text.substring(0, Math.max(0, text.indexOf(':')));
        String told = RULE.matcher(rule).matches() ? rule : "cvc";
        String where = NAME.matcher(element).matches() ? element : "an element";
        if (!broken.contains(told + " at " + where)) {
          broken.add(told + " at " + where);
        }
      }
    }

    @Override
    public void fatalError(SAXParseException e) {
      error(e);
    }
  }
}
