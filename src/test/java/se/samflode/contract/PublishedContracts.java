package se.samflode.contract;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.xml.sax.SAXException;

/** The schemas and WSDLs below {@code contracts/rivta}, as files. */
final class PublishedContracts {

  static final Path FOLDER = Path.of("contracts/rivta").toAbsolutePath();

  private static final Pattern WSDL =
      Pattern.compile("(.+)/(\\w+)/(\\d+)/\\2Interaction_\\3\\.(\\d+)_RIVTABP21\\.wsdl");

  private PublishedContracts() {}

  /** Every interaction that has a WSDL where its name says. */
  static List<Interaction> interactions() throws IOException {
    return files(".wsdl").stream()
        .map(file -> WSDL.matcher(FOLDER.relativize(file).toString()))
        .filter(Matcher::matches)
        .map(name ->
            new Interaction(
                name.group(1).replace('/', ':'),
                name.group(2),
                Integer.parseInt(name.group(3)),
                Integer.parseInt(name.group(4))))
        .toList();
  }

  /** All files whose name ends so, sorted. */
  static List<Path> files(String end) throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  static Path wsdl(Interaction interaction) {
    return FOLDER.resolve("../..").resolve(interaction.wsdl()).normalize();
  }

  static Path responder(Interaction interaction) {
    return wsdl(interaction)
        .resolveSibling(
            "%sResponder_%d.%d.xsd"
                .formatted(interaction.operation(), interaction.major(), interaction.minor()));
  }

  /** Compiles a schema file as it is. */
  static Schema compile(Path file) throws SAXException {
    return compile(new StreamSource(file.toUri().toString()), new TreeSet<>());
  }

  /**
   * Compiles a schema.
   *
   * @param imported gets every file that is imported, by whichever way
   */
  static Schema compile(Source source, Set<Path> imported) throws SAXException {
    SchemaFactory factory = SchemaFactory.newDefaultInstance();
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "file");
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setResourceResolver((type, namespace, publicId, systemId, base) -> {
      if (systemId != null) {
        imported.add(Path.of(URI.create(base).resolve(systemId)));
      }
      return null;
    });
    return factory.newSchema(source);
  }
}
