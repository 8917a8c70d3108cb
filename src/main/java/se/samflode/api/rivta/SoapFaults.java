package se.samflode.api.rivta;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.apache.cxf.binding.soap.Soap11;
import org.apache.cxf.binding.soap.SoapFault;
import org.apache.cxf.binding.soap.SoapMessage;
import org.apache.cxf.binding.soap.interceptor.AbstractSoapInterceptor;
import org.apache.cxf.interceptor.Fault;
import org.apache.cxf.logging.FaultListener;
import org.apache.cxf.message.Message;
import org.apache.cxf.phase.Phase;
import org.apache.cxf.transport.http.AbstractHTTPDestination;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.index.IndexUnavailable;

/**
 * What callers and the log learn of a failure: a fault with a code and a text, no detail, and an
 * event without values. Stateless, thread-safe.
 */
final class SoapFaults {

  private static final Logger LOG = LoggerFactory.getLogger(SoapFaults.class);
  private static final int MAX_CAUSES = 10;

  private SoapFaults() {}

  /** Makes every failure a fault that may leave us. */
  static final class Tell extends AbstractSoapInterceptor {

    Tell() {
      super(Phase.SETUP);
    }

    @Override
    public void handleMessage(SoapMessage message) {
      Exception failure = message.getContent(Exception.class);
      Message request = message.getExchange().getInMessage();
      String text = text(failure, correlationId(request));
      message.setContent(
          Exception.class,
          new SoapFault(
              text.replaceAll("[^\\n\\x20-\\uD7FF\\uE000-\\uFFFD]", "?"),
              Soap11.getInstance().getReceiver()));
    }
  }

  /** In place of CXF's own log entry, which repeats the exception's text. */
  static final class Log implements FaultListener {

    @Override
    public boolean faultOccurred(Exception failure, String description, Message message) {
      String correlationId = correlationId(message.getExchange().getInMessage());
      IndexUnavailable noIndex = cause(failure, IndexUnavailable.class);
      if (noIndex != null) {
        noIndex.log(LOG, correlationId);
        return false;
      }
      boolean ours = isTechnical(failure);
      (ours ? LOG.atError() : LOG.atInfo())
          .addKeyValue("event", ours ? "soap.failed" : "soap.refused")
          .addKeyValue("correlationId", correlationId)
          .addKeyValue("error", kinds(failure))
          .log("a SOAP request was answered with a fault");
      return false;
    }
  }

  private static String text(Exception failure, String correlationId) {
    Refusal refusal = cause(failure, Refusal.class);
    if (refusal != null) {
      return String.valueOf(refusal.getMessage());
    }
    if (cause(failure, XMLStreamException.class) != null) {
      return String.valueOf(Refusal.unreadable(failure).getMessage());
    }
    return isTechnical(failure)
        ? "A technical error has occurred, correlation id: " + correlationId
        : "The request is not a SOAP 1.1 envelope with a body";
  }

  /** A fault of ours, and not one that CXF finds in the envelope. */
  private static boolean isTechnical(Exception failure) {
    if (cause(failure, Refusal.class) != null || cause(failure, XMLStreamException.class) != null) {
      return false;
    }
    Soap11 soap = Soap11.getInstance();
    return !(failure instanceof Fault fault
        && fault.getCause() == null
        && !fault.getFaultCode().equals(Fault.FAULT_CODE_SERVER)
        && !fault.getFaultCode().equals(soap.getReceiver()));
  }

  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    return causes(failure).filter(type::isInstance).map(type::cast).findFirst().orElse(null);
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(Optional.of(failure), Optional::isPresent, SoapFaults::next)
        .limit(MAX_CAUSES)
        .flatMap(Optional::stream);
  }

  private static Optional<Throwable> next(Optional<Throwable> failure) {
    return failure.map(Throwable::getCause);
  }

  private static String kinds(Exception failure) {
    return causes(failure)
        .map(t -> t.getClass().getSimpleName() + at(t))
        .collect(Collectors.joining(" < "));
  }

  private static String at(Throwable t) {
    StackTraceElement[] trace = t.getStackTrace();
    return trace.length == 0
        ? ""
        : "(" + trace[0].getFileName() + ":" + trace[0].getLineNumber() + ")";
  }

  private static String correlationId(@Nullable Message request) {
    Object http = request == null ? null : request.get(AbstractHTTPDestination.HTTP_REQUEST);
    return http instanceof HttpServletRequest asked
        ? SoapCorrelation.of(asked)
        : UUID.randomUUID().toString();
  }
}
