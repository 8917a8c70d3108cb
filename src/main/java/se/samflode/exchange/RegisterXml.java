package se.samflode.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import se.samflode.contract.Xml;
import se.samflode.exchange.Subscriber.Filter;
import se.samflode.exchange.SubscriberRegister.Registered;
import se.samflode.identity.LogicalAddress;

/** GetLogicalAddresseesByServiceContract 2.0 as XML. Stateless, thread-safe. */
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
   * The subscribers that an answer names. One that it names twice wants what either record says.
   *
   * @throws XMLStreamException if it names one without address or domain, or more than 200
   */
  static List<Registered> answer(XMLStreamReader xml) throws XMLStreamException {
    Map<String, Registered> read = new LinkedHashMap<>();
    while (Xml.nextChild(xml)) {
      if (Xml.at(xml, RESPONDER, "logicalAddressRecord")) {
        Registered one = subscriber(xml);
        read.merge(new LogicalAddress(one.address()).folded(), one, RegisterXml::both);
      } else {
        Xml.skip(xml);
      }
    }
    if (read.size() > SubscribersFile.MAX_SUBSCRIBERS) {
      throw new XMLStreamException("too many subscribers");
    }
    return List.copyOf(read.values());
  }

  /** Without a filter it wants everything. */
  private static Registered both(Registered one, Registered other) {
    boolean everything = one.filters().isEmpty() || other.filters().isEmpty();
    return new Registered(
        one.address(),
        everything
            ? List.of()
            : Stream.concat(one.filters().stream(), other.filters().stream()).toList());
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
        String categorization = xml.getElementText().strip();
        if (!categorization.isEmpty()) {
          categorizations.add(categorization);
        }
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
