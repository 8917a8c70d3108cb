package se.samflode.producer;

import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.springframework.stereotype.Component;
import se.samflode.contract.RequestEnvelope;

/** Route step: turns the call on the exchange into the SOAP request. Thread-safe. */
@Component("writeEnvelope")
final class WriteEnvelope {

  @Handler
  void write(Exchange exchange) {
    ProducerRequest request = ProducerCall.of(exchange).request();
    Message message = exchange.getMessage();
    message.setBody(
        RequestEnvelope.of(
            request.request(),
            request.address(),
            request.resident(),
            request.actor(),
            request.page()));
    message.setHeader(Exchange.CONTENT_TYPE, "text/xml; charset=UTF-8");
    message.setHeader("SOAPAction", '"' + request.contract().interaction().soapAction() + '"');
    request.headers().forEach(message::setHeader);
  }
}
