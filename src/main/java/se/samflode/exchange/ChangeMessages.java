package se.samflode.exchange;

import java.io.Serial;
import java.util.List;
import java.util.SequencedMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultMessage;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;
import se.samflode.index.Change;
import tools.jackson.databind.json.JsonMapper;

/** Sends changes through the route that publishes them. Thread-safe. */
@Component
@WithKafka
class ChangeMessages {

  private static final String ROUTE = "direct:" + KafkaRoutes.PUBLISH + "?block=false";

  private final CamelContext camel;
  private final ProducerTemplate routes;
  private final JsonMapper json = JsonMapper.builder().build();

  ChangeMessages(CamelContext camel, ProducerTemplate routes) {
    this.camel = camel;
    this.routes = routes;
  }

  /**
   * A change as it is published. Immutable; prints itself redacted.
   *
   * @param id what makes the engagement one and the same, 64 hexadecimal digits
   * @param bucket 0 to 1,023
   * @param position within the bucket, in the order of commits
   * @param changedAt ISO 8601, by the database's clock
   * @param deleted whether the engagement was taken away
   * @param engagement its fields by their names on the wire
   */
  record Published(
      String id,
      int bucket,
      long position,
      String changedAt,
      boolean deleted,
      SequencedMap<String, String> engagement) {

    static Published of(Change change) {
      return new Published(
          change.key().hex(),
          change.bucket(),
          change.position(),
          change.changedAt().toString(),
          change.deleted(),
          change.engagement().texts());
    }

    @Override
    public String toString() {
      return "Published[" + bucket + "/" + position + "]";
    }
  }

  /**
   * Publishes changes and returns when the broker has acknowledged all of them.
   *
   * @param changes no two with one key: what of them was written is not known after a failure, and
   *     changes of one engagement must not overtake each other
   * @throws Unacknowledged if some were not acknowledged in time
   */
  void publish(List<Change> changes) throws Unacknowledged {
    Endpoint route = camel.getEndpoint(ROUTE);
    Exchange exchange = route.createExchange(ExchangePattern.InOnly);
    exchange.getIn().setBody(changes.stream().map(this::message).toList());
    routes.send(route, exchange);
    if (exchange.getException() != null) {
      throw new Unacknowledged(exchange.getException());
    }
  }

  private Message message(Change change) {
    Published published = Published.of(change);
    Message message = new DefaultMessage(camel);
    message.setHeader(KafkaConstants.KEY, published.id());
    message.setBody(json.writeValueAsBytes(published));
    return message;
  }

  /** Not all changes were acknowledged. Carries no cause, whose text might repeat what was sent. */
  static final class Unacknowledged extends Exception {

    @Serial private static final long serialVersionUID = 1L;

    Unacknowledged(Throwable cause) {
      super(NestedExceptionUtils.getMostSpecificCause(cause).getClass().getSimpleName());
    }
  }
}
