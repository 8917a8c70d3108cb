package se.samflode.api.rivta;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import se.samflode.contract.Actor;
import se.samflode.contract.Xml;

/** One request to a SOAP endpoint, its body not read yet. For one thread. */
final class SoapRequest {

  private static final QName LOGICAL_ADDRESS = new QName(Xml.REGISTRY, "LogicalAddress");
  private static final QName ACTOR = new QName(Xml.HEADERS, "Actor");

  private final HttpServletRequest http;
  private final List<Element> headers;
  private final HardenedReader body;

  SoapRequest(HttpServletRequest http, List<Element> headers, HardenedReader body) {
    this.http = http;
    this.headers = List.copyOf(headers);
    this.body = body;
  }

  /** The SOAP header's LogicalAddress as it came, null if absent. */
  @Nullable String logicalAddress() {
    return header(LOGICAL_ADDRESS).map(Node::getTextContent).orElse(null);
  }

  /** Who acts, parts that are absent as empty texts; empty if the request does not say. */
  Optional<Actor> actor() {
    return header(ACTOR)
        .map(actor -> new Actor(child(actor, "actorId"), child(actor, "actorType")));
  }

  /** An HTTP header's first value as it came, null if absent; names have no case. */
  @Nullable String httpHeader(String name) {
    return http.getHeader(name);
  }

  /** Has the gate say when the answer has been written. */
  void answeredBy(SoapAnswer answer) {
    http.setAttribute(SoapGate.ANSWER, answer);
  }

  /** The id under which this request stands in the log. */
  String loggedId() {
    return SoapCorrelation.of(http);
  }

  /** The names of all HTTP headers as they came. */
  List<String> httpHeaderNames() {
    return Collections.list(http.getHeaderNames());
  }

  /** The namespaces in scope around the body's element, by prefix ("" for the default). */
  Map<String, String> scope() {
    return body.scope();
  }

  /**
   * Reads the body's element, then the request to its end. Called once.
   *
   * @param reader begins on the start of the request element, ends on its end
   * @throws Refusal if the request is not well-formed to its end, too large or has a second body
   *     element
   */
  <T> T read(PayloadReader<T> reader) {
    try {
      T payload = reader.read(body);
      while (body.hasNext()) {
        if (body.next() == XMLStreamConstants.START_ELEMENT
            && body.depth() == HardenedReader.BODY_CHILD) {
          throw new Refusal("The SOAP body has more than one element");
        }
      }
      return payload;
    } catch (XMLStreamException e) {
      throw Refusal.unreadable(e);
    }
  }

  private Optional<Element> header(QName name) {
    return headers.stream()
        .filter(e -> name.equals(new QName(e.getNamespaceURI(), e.getLocalName())))
        .findFirst();
  }

  private static String child(Element parent, String name) {
    Node found = parent.getElementsByTagNameNS(Xml.HEADERS, name).item(0);
    return found == null ? "" : found.getTextContent();
  }

  /** Reads a request element. */
  interface PayloadReader<T> {
    T read(XMLStreamReader xml) throws XMLStreamException;
  }
}
