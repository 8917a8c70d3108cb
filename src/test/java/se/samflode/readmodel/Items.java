package se.samflode.readmodel;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.StringReader;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/** Reads one item as the engine does. */
final class Items {

  static final PersonId ASKED = new PersonId("198501012382");
  static final LogicalAddress SOURCE = new LogicalAddress("SE2321000016-LAB1");

  private Items() {}

  /** Reads a document that is one item, and sees that the reader stops at its end. */
  static ItemResult<?> read(String contract, String document) throws XMLStreamException {
    return read(contract, document, ASKED, SOURCE);
  }

  static ItemResult<?> read(String contract, String document, PersonId asked, LogicalAddress source)
      throws XMLStreamException {
    InputFactoryImpl factory = new InputFactoryImpl();
    factory.setProperty(InputFactoryImpl.SUPPORT_DTD, false);
    factory.setProperty(InputFactoryImpl.IS_REPLACING_ENTITY_REFERENCES, false);
    XMLStreamReader in = factory.createXMLStreamReader(new StringReader(document));
    in.nextTag();
    String name = in.getLocalName();
    ItemResult<?> result = Readers.of(contract).orElseThrow().read(in, asked, source);
    in.require(XMLStreamReader.END_ELEMENT, null, name);
    return result;
  }
}
