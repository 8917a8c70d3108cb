package se.samflode.lab;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import se.samflode.access.Sender;
import se.samflode.access.Senders;
import se.samflode.index.IndexUnavailable;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.Receipt.StoredRecord;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bean that a sender's Kafka records with results pass: stores what may be stored, and turns
 * the record into its receipt. Throws {@link IndexUnavailable} where the record must wait, and
 * nothing else. Thread-safe. Source: contracts/asyncapi/samflode-v1.yaml.
 */
@Component
final class StoreResults implements Processor {

  /** What comes before the sender's id in the name of its topic. */
  private static final String TOPIC = "lab-results.v1.";

  /** Header with Kafka's id of the topic, over what the sender may have written there. */
  private static final String TOPIC_ID = "samflode-topic-id";

  /** A longer key is not repeated: the receipt must be small enough for its topic. */
  private static final int LONGEST_KEY = 1024;

  private final Senders senders;
  private final LabIntake intake;
  private final Clock clock;
  private final JsonMapper json = JsonMapper.builder().build();

  /** Of the few connections to the database most are left to those who wait for an answer. */
  private final Semaphore atOnce = new Semaphore(2);

  StoreResults(Senders senders, LabIntake intake, Clock clock) {
    this.senders = senders;
    this.intake = intake;
    this.clock = clock;
  }

  /** One answer that is stored, as the receipt has it. */
  record Held(String sourceSystem, String recordId, String outcome, boolean conflict) {}

  /**
   * What a sender learns of a record.
   *
   * @param outcome {@code stored} or {@code rejected}
   * @param messageId of the MessageHeader, where there is one
   * @param answeredAt ISO 8601
   * @param records what is stored; empty if it is rejected
   * @param rejection its number in the table of rejected messages
   * @param faults why it is rejected; empty if it is stored
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Told(
      String outcome,
      @Nullable String messageId,
      String topic,
      int partition,
      long offset,
      String answeredAt,
      List<Held> records,
      @Nullable Long rejection,
      List<LabFault> faults) {

    /** Copies the lists. */
    Told {
      records = List.copyOf(records);
      faults = List.copyOf(faults);
    }
  }

  @Override
  public void process(Exchange exchange) {
    Message record = exchange.getMessage();
    String topic = String.valueOf(record.getHeader(KafkaConstants.TOPIC));
    byte[] key = record.getHeader(KafkaConstants.KEY, byte[].class);
    String sender = topic.substring(TOPIC.length());
    int partition = record.getHeader(KafkaConstants.PARTITION, -1, Integer.class);
    long offset = record.getHeader(KafkaConstants.OFFSET, -1L, Long.class);
    String place = record.getHeader(TOPIC_ID, String.class) + " " + partition + " " + offset;
    Told told =
        told(receipt(sender, record.getBody(byte[].class), place), topic, partition, offset);
    // For the metrics of the routes.
    exchange.setProperty("sender", sender);
    exchange.setProperty("outcome", told.outcome());
    // Nothing of the sender's headers may steer where the receipt goes.
    record.removeHeaders("*");
    if (key != null && key.length <= LONGEST_KEY) {
      record.setHeader(KafkaConstants.KEY, key);
    }
    record.setBody(json.writeValueAsBytes(told));
  }

  private Receipt receipt(String id, byte @Nullable [] body, String place) {
    Sender sender = senders.byId(id).orElse(null);
    if (sender == null) {
      return new Receipt.Rejected(
          null,
          null,
          List.of(new LabFault(Code.SOURCE_SYSTEM, "", "the sender of this topic is not listed")));
    }
    byte[] content = body == null ? new byte[0] : body;
    atOnce.acquireUninterruptibly();
    try {
      return intake.take(
          new Delivery(sender, Delivery.Way.KAFKA, Delivery.Format.FHIR_JSON, content, place));
    } finally {
      atOnce.release();
    }
  }

  private Told told(Receipt receipt, String topic, int partition, long offset) {
    String now = clock.instant().toString();
    return switch (receipt) {
      case Receipt.Stored stored ->
          new Told(
              "stored",
              stored.messageId(),
              topic,
              partition,
              offset,
              now,
              stored.records().stream().map(StoreResults::held).toList(),
              null,
              List.of());
      case Receipt.Rejected rejected ->
          new Told(
              "rejected",
              rejected.messageId(),
              topic,
              partition,
              offset,
              now,
              List.of(),
              rejected.rejection(),
              rejected.faults());
    };
  }

  private static Held held(StoredRecord record) {
    return new Held(
        record.sourceSystem(),
        record.recordId(),
        record.outcome().name().toLowerCase(Locale.ROOT),
        record.conflict());
  }
}
