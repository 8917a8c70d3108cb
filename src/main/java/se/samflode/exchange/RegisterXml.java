package se.samflode.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import se.samflode.contract.Xml;
import se.samflode.exchange.Subscriber.Filter;
import se.samflode.exchange.SubscriberRegister.Registered;

/**
 * GetLogicalAddresseesByServiceContract 2.0 as XML. Stateless, thread-safe. Source: section e.7.
 */
final class RegisterXml {

  private static final String CORE = "urn:riv:infrastructure:itintegration:registry:2";
  private static final String RESPONDER =
      "urn:riv:infrastructure:itintegration:registry:GetLogicalAddresseesByServiceContractResponder:2";
  private static final String SUBSCRIBED =
      "urn:riv:itintegration:engagementindex:ProcessNotificationResponder:1";

  private RegisterXml() {}

  /** Asks who takes ProcessNotification 1 from a consumer. */
  static String request(String consumerHsaId) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      XMLStreamWriter xml = Xml.writer(out);
      xml.writeStartElement("r", "GetLogicalAddresseesByServiceContract", RESPONDER);
      xml.writeNamespace("r", RESPONDER);
      xml.writeNamespace("c", CORE);
      xml.writeStartElement("r", "serviceConsumerHsaId", RESPONDER);
      xml.writeCharacters(consumerHsaId);
      xml.writeEndElement();
      xml.writeStartElement("r", "serviceContractNameSpace", RESPONDER);
      xml.writeStartElement("c", "ServiceContractNamespace", CORE);
      xml.writeCharacters(SUBSCRIBED);
      xml.writeEndElement();
      xml.writeEndElement();
      xml.writeEndElement();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a question could not be written to memory", e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * The subscribers that an answer names.
   *
   * @throws XMLStreamException if it names one without address or domain, or more than 200
   */
  static List<Registered> answer(XMLStreamReader xml) throws XMLStreamException {
    List<Registered> read = new ArrayList<>();
    while (Xml.nextChild(xml)) {
      if (Xml.at(xml, RESPONDER, "logicalAddressRecord")) {
        read.add(subscriber(xml));
      } else {
        Xml.skip(xml);
      }
    }
    if (read.size() > SubscribersFile.MAX_SUBSCRIBERS) {
      throw new XMLStreamException("too many subscribers");
    }
    return List.copyOf(read);
  }

  private static Registered subscriber(XMLStreamReader xml) throws XMLStreamException {
    String address = "";
    List<Filter> filters = new ArrayList<>();
    while (Xml.nextChild(xml)) {
      if (Xml.at(xml, RESPONDER, "logicalAddress")) {
        address = xml.getElementText().strip();
      } else if (Xml.at(xml, RESPONDER, "filter")) {
        filters.add(filter(xml));
      } else {
        Xml.skip(xml);
      }
    }
    if (address.isEmpty() || address.length() > 64) {
      throw new XMLStreamException("a subscriber without a logical address");
    }
    return new Registered(address, List.copyOf(filters));
  }

  private static Filter filter(XMLStreamReader xml) throws XMLStreamException {
    String serviceDomain = "";
    List<String> categorizations = new ArrayList<>();
    while (Xml.nextChild(xml)) {
      if (Xml.at(xml, RESPONDER, "serviceDomain")) {
        serviceDomain = xml.getElementText().strip();
      } else if (Xml.at(xml, RESPONDER, "categorization")) {
        categorizations.add(xml.getElementText().strip());
      } else {
        Xml.skip(xml);
      }
    }
    if (serviceDomain.isEmpty()) {
      // Taken for no filter it would tell the subscriber of everything.
      throw new XMLStreamException("a filter without a service domain");
    }
    return new Filter(serviceDomain, categorizations);
  }
}
