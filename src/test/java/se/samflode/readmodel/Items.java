package se.samflode.readmodel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import se.samflode.contract.Xml;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/** Reads one item as the engine does, and knows where our example items are. */
final class Items {

  static final PersonId ASKED = new PersonId("198501012382");
  static final String OTHER = "198501012390";
  static final LogicalAddress SOURCE = new LogicalAddress("SE2321000016-LAB1");

  /** A folder for each contract, and in it one for each case. */
  static final Path EXAMPLES = Path.of("src/test/golden/items");

  private Items() {}

  /** The contracts of which there are example items. */
  static List<String> contracts() throws IOException {
    try (Stream<Path> folders = Files.list(EXAMPLES)) {
      return folders.map(folder -> contract(folder.getFileName())).sorted().toList();
    }
  }

  /** The contract of a folder. */
  static String contract(Path folder) {
    return folder.toString().replace('-', ' ');
  }

  /** An item of a contract that has everything. */
  static String everything(String contract) throws IOException {
    Path folder = EXAMPLES.resolve(contract.replace(' ', '-'));
    return Files.readString(folder.resolve("everything/in-item.xml"));
  }

  /** Reads a document that is one item, and sees that the reader stops at its end. */
  static ItemResult<?> read(String contract, String document) throws XMLStreamException {
    return read(contract, document, SOURCE);
  }

  static ItemResult<?> read(String contract, String document, LogicalAddress source)
      throws XMLStreamException {
    XMLStreamReader in =
        Xml.atRoot(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)), null);
    String name = in.getLocalName();
    ItemResult<?> result = Readers.of(contract).orElseThrow().read(in, ASKED::isWrittenAs, source);
    in.require(XMLStreamReader.END_ELEMENT, null, name);
    return result;
  }
}
