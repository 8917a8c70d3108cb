package se.samflode.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Xml;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementTransaction;

/** ProcessNotification 1.0 as XML. Stateless, thread-safe. Source: sections b.1 and b.2. */
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
      fields(xml, transaction.engagement());
      xml.writeEndElement();
      xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.close();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void fields(XMLStreamWriter xml, Engagement e) throws XMLStreamException {
    field(xml, "registeredResidentIdentification", e.resident());
    field(xml, "serviceDomain", e.serviceDomain());
    field(xml, "categorization", e.categorization());
    field(xml, "logicalAddress", e.logicalAddress());
    field(xml, "businessObjectInstanceIdentifier", e.businessObjectInstanceIdentifier());
    field(xml, "clinicalProcessInterestId", e.clinicalProcessInterestId());
    field(xml, "mostRecentContent", e.mostRecentContent());
    field(xml, "sourceSystem", e.sourceSystem());
    field(xml, "creationTime", e.creationTime());
    field(xml, "updateTime", e.updateTime());
    field(xml, "dataController", e.dataController());
    field(xml, "owner", e.owner());
  }

  private static void field(XMLStreamWriter xml, String name, @Nullable String value)
      throws XMLStreamException {
    if (value != null) {
      xml.writeStartElement("c", name, CORE);
      xml.writeCharacters(value);
      xml.writeEndElement();
    }
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
