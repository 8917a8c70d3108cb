package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
import se.samflode.contract.Interaction;
import se.samflode.testing.SchemaFiles;

/**
 * The published RIV-TA schemas where they are at hand; tests that need them are skipped else. Where
 * their folder is there, one that is missing in it is a failure.
 *
 * @param texts of the schema files, those that others import first
 */
public record OriginalSchemas(Schema schema, List<String> texts) {

  /** Reads the schemas of a contract. */
  public static OriginalSchemas atHand(Interaction interaction) throws IOException, SAXException {
    Path folder = folder();
    String domain = interaction.domain().replace(':', '-');
    Path file =
        Path.of(
            "interactions",
            interaction.operation() + "Interaction",
            "%sResponder_%d.%d.xsd"
                .formatted(interaction.operation(), interaction.major(), interaction.minor()));
    try (Stream<Path> folders = Files.list(folder)) {
      List<Path> found =
          folders
              .filter(each -> each.getFileName().toString().matches(domain + "-[0-9.]+"))
              .map(each -> each.resolve(file))
              .filter(Files::exists)
              .toList();
      assertThat(found).as("originals of " + interaction.name()).hasSize(1);
      return read(found.getFirst());
    }
  }

  /**
   * Reads a schema with all that it imports.
   *
   * @param file below the folder of the schemas
   */
  public static OriginalSchemas atHand(String file) throws IOException, SAXException {
    return read(folder().resolve(file));
  }

  private static Path folder() {
    Path folder = Reference.folder("rivta-schemas");
    assumeTrue(
        Files.isDirectory(folder),
        "the original schemas are not at hand; name their parent with -D" + Reference.PROPERTY);
    return folder;
  }

  private static OriginalSchemas read(Path file) throws IOException, SAXException {
    // The person pattern has ^ and $, literal characters in XSD: no real identity matches them.
    List<String> texts =
        SchemaFiles.withImports(
            file, text -> text.replace("\"^[0-9]", "\"[0-9]").replace("}$\"", "}\""));
    Source[] sources =
        texts.stream().map(text -> new StreamSource(new StringReader(text))).toArray(Source[]::new);
    return new OriginalSchemas(SchemaFactory.newDefaultInstance().newSchema(sources), texts);
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
