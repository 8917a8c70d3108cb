package se.samflode.api.rivta;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.apache.cxf.binding.soap.SoapHeader;
import org.apache.cxf.binding.soap.SoapMessage;
import org.apache.cxf.binding.soap.interceptor.AbstractSoapInterceptor;
import org.apache.cxf.headers.Header;
import org.apache.cxf.helpers.CastUtils;
import org.apache.cxf.interceptor.Fault;
import org.apache.cxf.interceptor.StaxInInterceptor;
import org.apache.cxf.io.DelegatingInputStream;
import org.apache.cxf.message.Message;
import org.apache.cxf.message.MessageContentsList;
import org.apache.cxf.phase.Phase;
import org.apache.cxf.staxutils.StaxUtils;
import org.apache.cxf.transport.http.AbstractHTTPDestination;
import org.apache.cxf.wsdl.interceptors.BareOutInterceptor;
import org.apache.cxf.wsdl.interceptors.DocLiteralInInterceptor;
import org.w3c.dom.Element;
import se.samflode.contract.Xml;

/** Our steps in CXF's way of a message. Stateless, thread-safe. */
final class SoapInterceptors {

  private static final String SOAP_ACTION = "SOAPAction";

  private SoapInterceptors() {}

  /** Has the request read by {@link HardenedReader}, and takes any SOAPAction for the right one. */
  static final class Read extends AbstractSoapInterceptor {

    private final int largest;
    private final Clock clock;

    /**
     * @param largest the largest request, whole kB in bytes
     */
    Read(int largest, Clock clock) {
      super(Phase.POST_STREAM);
      addBefore(StaxInInterceptor.class.getName());
      this.largest = largest;
      this.clock = clock;
    }

    @Override
    public void handleMessage(SoapMessage message) {
      InputStream body = message.getContent(InputStream.class);
      HttpServletRequest http =
          (HttpServletRequest) message.get(AbstractHTTPDestination.HTTP_REQUEST);
      if (isGET(message) || body == null || http == null) {
        return;
      }
      Map<String, List<String>> headers =
          CastUtils.cast((Map<?, ?>) message.get(Message.PROTOCOL_HEADERS));
      headers.keySet().removeIf(SOAP_ACTION::equalsIgnoreCase);
      // Else CXF reads what is left of a refused request, however slowly it comes, before it writes
      // the fault.
      message.removeContent(DelegatingInputStream.class);
      try {
        HardenedReader reader =
            HardenedReader.open(
                body, HardenedReader.charset(http.getContentType()), largest, clock);
        message.getExchange().put(HardenedReader.class, reader);
        message.setContent(XMLStreamReader.class, reader);
        // The answer is in UTF-8, whatever the request was in.
        message.put(Message.ENCODING, "UTF-8");
      } catch (XMLStreamException e) {
        throw Refusal.unreadable(e);
      }
    }

    @Override
    public Set<QName> getUnderstoodHeaders() {
      return Set.of(new QName(Xml.REGISTRY, "LogicalAddress"), new QName(Xml.HEADERS, "Actor"));
    }
  }

  /** Refuses a body that is not the contract's request, and keeps it for the operation. */
  static final class CheckBody extends AbstractSoapInterceptor {

    private final QName expected;

    CheckBody(QName expected) {
      super(Phase.UNMARSHAL);
      addBefore(DocLiteralInInterceptor.class.getName());
      this.expected = expected;
    }

    @Override
    public void handleMessage(SoapMessage message) {
      HardenedReader reader = message.getExchange().get(HardenedReader.class);
      if (reader == null) {
        return;
      }
      try {
        int event = reader.getEventType();
        while (event != XMLStreamConstants.END_DOCUMENT
            && !(event == XMLStreamConstants.START_ELEMENT
                && reader.depth() == HardenedReader.BODY_CHILD)
            && !(event == XMLStreamConstants.END_ELEMENT
                && reader.depth() < HardenedReader.BODY_CHILD)) {
          event = reader.next();
        }
        if (event != XMLStreamConstants.START_ELEMENT || !reader.getName().equals(expected)) {
          throw new Refusal("The SOAP body must have the element " + expected);
        }
        handOver(message, reader);
      } catch (XMLStreamException e) {
        throw Refusal.unreadable(e);
      }
    }
  }

  /**
   * Keeps the request for the operation, its body not read yet. CXF gets an empty body in its
   * place: it would read the whole one before it calls anybody.
   */
  private static void handOver(SoapMessage message, HardenedReader reader)
      throws XMLStreamException {
    HttpServletRequest http =
        (HttpServletRequest) message.get(AbstractHTTPDestination.HTTP_REQUEST);
    List<Element> headers =
        message.getHeaders().stream()
            .map(Header::getObject)
            .filter(Element.class::isInstance)
            .map(Element.class::cast)
            .toList();
    message
        .getExchange()
        .put(SoapRequest.class, new SoapRequest(Objects.requireNonNull(http), headers, reader));
    QName name = reader.getName();
    String empty = "<" + name.getLocalPart() + " xmlns=\"" + name.getNamespaceURI() + "\"/>";
    XMLStreamReader inItsPlace = StaxUtils.createXMLStreamReader(new StringReader(empty));
    inItsPlace.nextTag();
    message.setContent(XMLStreamReader.class, inItsPlace);
  }

  /** Puts the headers of the operation's answer into the response. */
  static final class AddHeaders extends AbstractSoapInterceptor {

    AddHeaders() {
      super(Phase.SETUP);
    }

    @Override
    public void handleMessage(SoapMessage message) {
      SoapAnswer answer = message.getExchange().get(SoapAnswer.class);
      if (answer == null) {
        return;
      }
      Element header = answer.soapHeader();
      if (header != null) {
        message
            .getHeaders()
            .add(
                new SoapHeader(new QName(header.getNamespaceURI(), header.getLocalName()), header));
      }
      Map<String, List<String>> http = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      answer
          .httpHeaders()
          .forEach((name, value) -> http.put(name, new ArrayList<>(List.of(value))));
      message.put(Message.PROTOCOL_HEADERS, http);
    }
  }

  /**
   * Writes the response element as the operation has made it. CXF would read it and write it anew,
   * at the greater part of an answer's cost.
   */
  static final class WriteBody extends AbstractSoapInterceptor {

    WriteBody() {
      super(Phase.MARSHAL);
      addBefore(BareOutInterceptor.class.getName());
    }

    @Override
    public void handleMessage(SoapMessage message) {
      SoapAnswer answer = message.getExchange().get(SoapAnswer.class);
      XMLStreamWriter envelope = message.getContent(XMLStreamWriter.class);
      OutputStream out = message.getContent(OutputStream.class);
      if (answer == null || envelope == null || out == null) {
        return;
      }
      try {
        // An empty text closes the body's start tag.
        envelope.writeCharacters("");
        envelope.flush();
        answer.payload().writeTo(out);
      } catch (XMLStreamException | IOException e) {
        throw new Fault(e);
      }
      message.setContent(List.class, new MessageContentsList());
    }
  }
}
