package se.samflode.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import se.samflode.contract.Xml;
import se.samflode.index.EngagementTransaction;

/** ProcessNotification 1.0 as XML. Stateless, thread-safe. */
final class NotificationXml {

  private static final String CORE = "urn:riv:itintegration:engagementindex:1";
  private static final String RESPONDER =
      "urn:riv:itintegration:engagementindex:ProcessNotificationResponder:1";

  private NotificationXml() {}

  /**
   * The request.
   *
   * @param transactions 1 to 1,000, no two with one key
   * @throws XMLStreamException if a value cannot stand in XML
   */
  static String request(List<EngagementTransaction> transactions) throws XMLStreamException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024 * transactions.size());
    XMLStreamWriter xml = Xml.writer(out);
    xml.writeStartElement("p", "ProcessNotification", RESPONDER);
    xml.writeNamespace("p", RESPONDER);
    xml.writeNamespace("c", CORE);
    for (EngagementTransaction transaction : transactions) {
      xml.writeStartElement("p", "engagementTransaction", RESPONDER);
      field(xml, "deleteFlag", String.valueOf(transaction.delete()));
      xml.writeStartElement("c", "engagement", CORE);
      for (Map.Entry<String, String> text : transaction.engagement().texts().entrySet()) {
        field(xml, text.getKey(), text.getValue());
      }
      xml.writeEndElement();
      xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.close();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void field(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeStartElement("c", name, CORE);
    xml.writeCharacters(value);
    xml.writeEndElement();
  }

  /**
   * Whether the answer is a delivery: ResultCode OK or INFO.
   *
   * @throws XMLStreamException if there is no ResultCode of the contract
   */
  static boolean delivered(XMLStreamReader answer) throws XMLStreamException {
    while (Xml.nextChild(answer)) {
      if (Xml.at(answer, RESPONDER, "ResultCode")) {
        return switch (answer.getElementText().strip()) {
          case "OK", "INFO" -> true;
          case "ERROR" -> false;
          default -> throw new XMLStreamException("a ResultCode that the contract does not know");
        };
      }
      Xml.skip(answer);
    }
    throw new XMLStreamException("no ResultCode");
  }
}
