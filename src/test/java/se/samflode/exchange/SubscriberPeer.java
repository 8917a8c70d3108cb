package se.samflode.exchange;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.Source;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.springframework.core.io.ClassPathResource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import se.samflode.exchange.SoapPeer.Answer;

/** A subscriber that validates what it is sent by our schema, and takes it if a test says so. */
final class SubscriberPeer implements AutoCloseable {

  private static final String CORE = "urn:riv:itintegration:engagementindex:1";
  private static final String RESPONDER =
      "urn:riv:itintegration:engagementindex:ProcessNotificationResponder:1";
  private static final Schema SCHEMA = schema();

  /** One change as it was told; fields that were absent are empty. */
  record Told(
      boolean delete,
      String categorization,
      String object,
      String mostRecentContent,
      String creationTime,
      String updateTime,
      String owner) {}

  final SoapPeer http = new SoapPeer();
  private final List<Told> taken = new CopyOnWriteArrayList<>();
  private final List<String> invalid = new CopyOnWriteArrayList<>();
  private volatile Predicate<Told> takes = told -> true;
  private volatile Answer refusal = Answer.result("ERROR");
  private volatile String consent = "OK";
  private volatile int mostAtOnce = 1000;

  SubscriberPeer() {
    http.answers(this::answer);
  }

  /** Refuses a delivery that has a change of another kind. */
  void takes(Predicate<Told> kind) {
    takes = kind;
  }

  /** Gives no usable answer to a delivery of more changes. */
  void takesAtMost(int changes) {
    mostAtOnce = changes;
  }

  void refusesWith(Answer answer) {
    refusal = answer;
  }

  void consentsWith(String resultCode) {
    consent = resultCode;
  }

  /** What it has taken, in order. */
  List<Told> taken() {
    return taken;
  }

  /** Business objects of what it has taken, deletions with a minus, in order. */
  List<String> objects() {
    return taken.stream().map(t -> (t.delete() ? "-" : "+") + t.object()).toList();
  }

  List<String> invalid() {
    return invalid;
  }

  private synchronized Answer answer(SoapPeer.Request request) {
    List<Told> told = new ArrayList<>();
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
      Document document =
          factory.newDocumentBuilder().parse(new InputSource(new StringReader(request.body())));
      Element body =
          (Element) document.getElementsByTagNameNS(RESPONDER, "ProcessNotification").item(0);
      SCHEMA.newValidator().validate(new DOMSource(body));
      NodeList transactions = body.getElementsByTagNameNS(RESPONDER, "engagementTransaction");
      for (int i = 0; i < transactions.getLength(); i++) {
        told.add(told((Element) transactions.item(i)));
      }
    } catch (Exception e) { // whatever it is, the test shall see it
      invalid.add(e.toString());
    }
    if (told.size() > mostAtOnce) {
      return new Answer(504, "text/html", "");
    }
    if (!told.stream().allMatch(takes)) {
      return refusal;
    }
    taken.addAll(told);
    return Answer.result(consent);
  }

  private static Told told(Element transaction) {
    return new Told(
        Boolean.parseBoolean(text(transaction, "deleteFlag")),
        text(transaction, "categorization"),
        text(transaction, "businessObjectInstanceIdentifier"),
        text(transaction, "mostRecentContent"),
        text(transaction, "creationTime"),
        text(transaction, "updateTime"),
        text(transaction, "owner"));
  }

  private static String text(Element in, String name) {
    NodeList found = in.getElementsByTagNameNS(CORE, name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }

  private static Schema schema() {
    String folder = "contracts/rivta/itintegration/engagementindex/";
    try {
      Source[] sources = {
        new StreamSource(
            new ClassPathResource(folder + "core/itintegration_engagementindex_1.0.xsd")
                .getURL()
                .toString()),
        new StreamSource(
            new ClassPathResource(
                    folder + "ProcessNotification/1/ProcessNotificationResponder_1.0.xsd")
                .getURL()
                .toString())
      };
      return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(sources);
    } catch (java.io.IOException | org.xml.sax.SAXException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
