package se.samflode.api.rivta;

import jakarta.xml.ws.Provider;
import jakarta.xml.ws.Service;
import jakarta.xml.ws.ServiceMode;
import jakarta.xml.ws.WebServiceProvider;
import java.util.Objects;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import org.apache.cxf.message.Exchange;
import org.apache.cxf.phase.PhaseInterceptorChain;

/**
 * Hands a request to its operation. CXF has read the envelope up to the body's element, the
 * operation reads that itself, see {@link SoapInterceptors}. Thread-safe.
 */
@WebServiceProvider
@ServiceMode(Service.Mode.PAYLOAD)
final class SoapEndpoint implements Provider<Source> {

  private final SoapOperation operation;

  SoapEndpoint(SoapOperation operation) {
    this.operation = operation;
  }

  @Override
  public Source invoke(Source ignored) {
    Exchange exchange = PhaseInterceptorChain.getCurrentMessage().getExchange();
    SoapRequest request = Objects.requireNonNull(exchange.get(SoapRequest.class));
    checkHeaders(request);
    SoapAnswer answer = operation.answer(request);
    exchange.put(SoapAnswer.class, answer);
    request.answeredBy(answer);
    // Never read: SoapInterceptors.WriteBody writes the answer.
    return new StreamSource();
  }

  private void checkHeaders(SoapRequest request) {
    StringBuilder missing = new StringBuilder();
    for (String name : operation.mandatoryHeaders()) {
      if (request.httpHeader(name) == null) {
        missing.append("Mandatory HTTP header ").append(name).append(" is missing\n");
      }
    }
    if (!missing.isEmpty()) {
      throw new Refusal(missing.toString());
    }
  }
}
