package se.samflode.api.rivta;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.apache.cxf.staxutils.StaxUtils;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Interaction;

/** Writes a small response element. For one thread and one answer. */
final class AnswerWriter {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final XMLStreamWriter xml;

  /** Begins the contract's response element; its children are in the same namespace. */
  AnswerWriter(Interaction interaction) throws XMLStreamException {
    xml = StaxUtils.createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
    xml.setDefaultNamespace(interaction.namespace());
    xml.writeStartElement(interaction.namespace(), interaction.response().getLocalPart());
    xml.writeDefaultNamespace(interaction.namespace());
  }

  /** Declares a further namespace. */
  AnswerWriter prefix(String prefix, String namespace) throws XMLStreamException {
    xml.writeNamespace(prefix, namespace);
    return this;
  }

  /** An element of text, none for null. */
  AnswerWriter text(String namespace, String name, @Nullable String value)
      throws XMLStreamException {
    if (value != null) {
      xml.writeStartElement(namespace, name);
      xml.writeCharacters(value);
      xml.writeEndElement();
    }
    return this;
  }

  AnswerWriter start(String namespace, String name) throws XMLStreamException {
    xml.writeStartElement(namespace, name);
    return this;
  }

  AnswerWriter end() throws XMLStreamException {
    xml.writeEndElement();
    return this;
  }

  /** Ends the response element. */
  SoapAnswer answer() throws XMLStreamException {
    xml.writeEndElement();
    xml.close();
    return SoapAnswer.of(bytes::writeTo);
  }
}
