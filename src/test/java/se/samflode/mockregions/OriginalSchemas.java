package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.Source;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The published RIV-TA schemas where they are at hand; tests that need them are skipped else. */
public record OriginalSchemas(Schema schema) {

  /**
   * Reads schemas, those that others import first.
   *
   * @param files below the folder of the schemas
   */
  public static OriginalSchemas atHand(String... files) throws IOException, SAXException {
    Path folder = Reference.folder("rivta-schemas");
    assumeTrue(
        Files.isDirectory(folder),
        "the original schemas are not at hand; name their parent with -D" + Reference.PROPERTY);
    List<Source> sources = new ArrayList<>();
    for (String file : files) {
      // The person pattern has ^ and $, literal characters in XSD: no real identity matches them.
      String text =
          Files.readString(folder.resolve(file))
              .replace("\"^[0-9]", "\"[0-9]")
              .replace("}$\"", "}\"");
      // Each import is among the sources already; followed, it would bring the unrepaired pattern.
      text = text.replaceAll("(<xs:import[^>]*?)\\sschemaLocation=[\"'][^\"']*[\"']", "$1");
      sources.add(new StreamSource(new StringReader(text)));
    }
    SchemaFactory factory = SchemaFactory.newDefaultInstance();
    return new OriginalSchemas(factory.newSchema(sources.toArray(Source[]::new)));
  }

  /** Fails unless an element is valid. */
  public void validate(Element element) throws IOException, SAXException {
    schema.newValidator().validate(new DOMSource(element));
  }

  /** Validates the one element in the body of a SOAP envelope. */
  void validateBody(String envelope)
      throws IOException, SAXException, ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    Element root =
        factory
            .newDocumentBuilder()
            .parse(new InputSource(new ByteArrayInputStream(envelope.getBytes(UTF_8))))
            .getDocumentElement();
    Node body = root.getElementsByTagNameNS(root.getNamespaceURI(), "Body").item(0);
    schema.newValidator().validate(new DOMSource(body.getFirstChild()));
  }
}
