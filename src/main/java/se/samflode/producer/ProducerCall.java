package se.samflode.producer;

import org.apache.camel.Exchange;

/** What travels on the exchange of one call: the question, who reads the answer, who is called. */
record ProducerCall(ProducerRequest request, AnswerConsumer consumer, LiveProducer live) {

  private static final String PROPERTY = "samflode.call";

  void on(Exchange exchange) {
    exchange.setProperty(PROPERTY, this);
  }

  static ProducerCall of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, ProducerCall.class);
  }
}
