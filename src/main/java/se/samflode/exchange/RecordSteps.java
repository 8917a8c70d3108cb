package se.samflode.exchange;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of senders' routes that note whether a record waits or has been answered. */
@Configuration(proxyBeanMethods = false)
@WithKafka
class RecordSteps {

  private static final Logger LOG = LoggerFactory.getLogger(RecordSteps.class);

  /** Called for each failure; the record is tried again. */
  @Bean
  Processor recordWaits(KafkaState state) {
    return exchange -> {
      String route = exchange.getFromRouteId();
      if (state.waits(route)) {
        Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        LOG.atWarn()
            .addKeyValue("event", "kafka.record-waits")
            .addKeyValue("route", route)
            .addKeyValue("error", error == null ? "none" : error.getClass().getName())
            .log("a sender's record cannot be answered now; it is tried until it can");
      }
    };
  }

  /** Called when the broker has acknowledged the receipt. */
  @Bean
  Processor recordAnswered(KafkaState state, KafkaMetrics metrics, Clock clock) {
    return exchange -> {
      metrics.received(
          String.valueOf(exchange.getProperty(StoreUpdates.SENDER)),
          String.valueOf(exchange.getProperty(StoreUpdates.OUTCOME)));
      String route = exchange.getFromRouteId();
      Instant since = state.goesOn(route);
      if (since != null) {
        LOG.atInfo()
            .addKeyValue("event", "kafka.record-goes-on")
            .addKeyValue("route", route)
            .addKeyValue("waitedMillis", Duration.between(since, clock.instant()).toMillis())
            .log("a sender's record that had to wait has been answered");
      }
    };
  }
}
