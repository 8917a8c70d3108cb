package se.samflode.exchange;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.transform.Source;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.cxf.common.CxfPayload;
import org.apache.camel.component.cxf.common.message.CxfConstants;
import org.apache.cxf.binding.soap.SoapHeader;
import org.apache.cxf.endpoint.Client;
import org.apache.cxf.interceptor.Fault;
import org.apache.cxf.staxutils.StaxSource;
import org.apache.cxf.staxutils.StaxUtils;
import org.apache.cxf.transport.http.HTTPException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import se.samflode.contract.PlatformSettings;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;
import se.samflode.contract.Xml;

/**
 * Makes SOAP calls that nobody waits for, each through its route. A call ends within {@link
 * #LONGEST} whatever the peer does, and only then does it return. Thread-safe.
 */
@Component
class SoapCalls {

  /** The routes' timeouts to connect and to receive, together. */
  static final Duration LONGEST = Duration.ofSeconds(17);

  private static final Logger LOG = LoggerFactory.getLogger(SoapCalls.class);
  private static final QName LOGICAL_ADDRESS = new QName(Xml.REGISTRY, "LogicalAddress");

  private final CamelContext camel;
  private final ProducerTemplate routes;
  private final PlatformSettings platform;

  SoapCalls(CamelContext camel, ProducerTemplate routes, PlatformSettings platform) {
    this.camel = camel;
    this.routes = routes;
    this.platform = platform;
  }

  /** Makes a call and reads its answer. Never throws for what a peer does. */
  <T> SoapResult<T> call(SoapCall call, SoapResult.Reader<T> reader) {
    FutureTask<T> task = new FutureTask<>(() -> exchange(call, reader));
    Thread thread = Thread.ofVirtual().name(call.route()).start(task);
    try {
      return new SoapResult.Answered<>(task.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      end(thread);
      return new SoapResult.Failed<>(Reason.TIMEOUT);
    } catch (ExecutionException e) {
      return new SoapResult.Failed<>(reason(call, e));
    } catch (InterruptedException e) {
      end(thread);
      Thread.currentThread().interrupt();
      return new SoapResult.Failed<>(Reason.REFUSED);
    }
  }

  /** Interrupted, a virtual thread closes the connection it waits for. */
  private static void end(Thread thread) {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private <T> T exchange(SoapCall call, SoapResult.Reader<T> reader) throws Exception {
    var route = camel.getEndpoint("direct:" + call.route() + "?block=false");
    Exchange exchange = route.createExchange(ExchangePattern.InOut);
    exchange.getIn().setBody(payload(call));
    exchange.getIn().setHeader("x-skltp-correlation-id", call.correlationId());
    exchange.getIn().setHeader("x-vp-sender-id", platform.senderId());
    exchange.getIn().setHeader("x-vp-instance-id", platform.instanceId());
    exchange.getIn().setHeader(CxfConstants.DESTINATION_OVERRIDE_URL, call.url().toString());
    if (call.sslBundle() != null) {
      exchange
          .getIn()
          .setHeader(Client.REQUEST_CONTEXT, Map.of(SoapClient.SSL_BUNDLE, call.sslBundle()));
    }
    if (!call.mayBegin().getAsBoolean()) {
      throw new SourceFailed(Reason.LIMITED);
    }
    routes.send(route, exchange);
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
    return read(exchange, reader);
  }

  private static <T> T read(Exchange exchange, SoapResult.Reader<T> reader)
      throws SourceFailed, XMLStreamException {
    CxfPayload<?> payload = exchange.getMessage().getBody(CxfPayload.class);
    if (payload == null || payload.getBodySources().size() != 1) {
      throw new SourceFailed(Reason.MALFORMED);
    }
    XMLStreamReader in = StaxUtils.createXMLStreamReader(payload.getBodySources().getFirst());
    if (in.getEventType() != XMLStreamReader.START_ELEMENT) {
      in.nextTag();
    }
    return reader.read(in);
  }

  private static CxfPayload<SoapHeader> payload(SoapCall call) throws XMLStreamException {
    byte[] utf8 = call.body().getBytes(StandardCharsets.UTF_8);
    Source body =
        new StaxSource(Xml.atRoot(new ByteArrayInputStream(utf8), StandardCharsets.UTF_8));
    return new CxfPayload<>(List.of(header(call.logicalAddress())), List.of(body), Map.of());
  }

  private static SoapHeader header(String logicalAddress) {
    try {
      Document document =
          DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder().newDocument();
      Element element =
          document.createElementNS(
              LOGICAL_ADDRESS.getNamespaceURI(), "itr:" + LOGICAL_ADDRESS.getLocalPart());
      element.setTextContent(logicalAddress);
      return new SoapHeader(LOGICAL_ADDRESS, element);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("every Java builds documents", e);
    }
  }

  private static Reason reason(SoapCall call, ExecutionException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SourceFailed failed -> {
          return failed.reason();
        }
        case SocketTimeoutException e -> {
          return Reason.TIMEOUT;
        }
        case HTTPException e -> {
          return Reason.HTTP_ERROR;
        }
        case XMLStreamException e -> {
          return Reason.MALFORMED;
        }
        case IOException e -> {
          return Reason.REFUSED;
        }
        case Fault e when e.getCause() == null -> {
          // CXF's own: not the contract's element.
          return Reason.MALFORMED;
        }
        default -> {
          // look at what is behind it
        }
      }
    }
    LOG.atError()
        .addKeyValue("event", "exchange.call-broken")
        .addKeyValue("correlationId", call.correlationId())
        .addKeyValue("route", call.route())
        .addKeyValue("error", kinds(failure))
        .log("a call ended in an error of ours");
    return Reason.MALFORMED;
  }

  /** Names and places only: texts of libraries repeat what they were given. */
  private static String kinds(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(10)
        .map(t -> t.getClass().getSimpleName() + at(t.getStackTrace()))
        .collect(Collectors.joining(" < "));
  }

  private static String at(StackTraceElement[] trace) {
    return trace.length == 0
        ? ""
        : "(" + trace[0].getFileName() + ":" + trace[0].getLineNumber() + ")";
  }
}
