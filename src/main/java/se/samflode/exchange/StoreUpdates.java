package se.samflode.exchange;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import se.samflode.access.Sender;
import se.samflode.access.Senders;
import se.samflode.exchange.StoredOffsets.Done;
import se.samflode.exchange.StoredOffsets.Place;
import se.samflode.exchange.UpdateRecord.Fault;
import se.samflode.index.IndexUnavailable;
import se.samflode.index.IndexWriter;
import se.samflode.index.UpdateRules;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bean that a sender's records of updates pass: stores what may be stored, and turns the record
 * into its receipt. A record that is read again after later ones of its partition is answered and
 * not stored again. Throws {@link IndexUnavailable} or {@link KafkaException} where the record must
 * wait, and nothing else. Thread-safe.
 */
@Component
@WithKafka
final class StoreUpdates implements Processor {

  /** The template of its routes. */
  static final String ROUTE = "engagement-updates";

  /** What comes before the sender's id in the name of its topic. */
  static final String TOPIC = "engagement-updates.v1.";

  /** Exchange property: the outcome for the metrics. */
  static final String OUTCOME = "outcome";

  /** Exchange property: the sender's id. */
  static final String SENDER = "sender";

  private static final Logger LOG = LoggerFactory.getLogger(StoreUpdates.class);
  private static final String ID = "id";
  private static final int LONGEST_ID = 200;

  /** A longer key is not repeated: the receipt must be small enough for its topic. */
  private static final int LONGEST_KEY = 1024;

  private static final Fault OVERTAKEN =
      new Fault(
          "overtaken",
          "",
          "Later records of its partition are stored, or its topic was made anew, and it is not"
              + " known to be stored; send anew what still holds");

  private final Senders senders;
  private final UpdateRules rules;
  private final IndexWriter index;
  private final StoredOffsets offsets;
  private final Clock clock;
  private final JsonMapper json = JsonMapper.builder().build();

  /** Of the few connections to the database most are left to those who wait for an answer. */
  private final Semaphore atOnce = new Semaphore(2);

  StoreUpdates(
      Senders senders, UpdateRules rules, IndexWriter index, StoredOffsets offsets, Clock clock) {
    this.senders = senders;
    this.rules = rules;
    this.index = index;
    this.offsets = offsets;
    this.clock = clock;
  }

  /**
   * What a sender learns of a record. Immutable.
   *
   * @param outcome {@code stored} or {@code rejected}
   * @param id the record's header {@code id}; null if it has none, or one of more than 200 bytes
   * @param answeredAt ISO 8601
   * @param transactions stored
   * @param reasons why it is rejected; empty if it is stored
   */
  record Receipt(
      String outcome,
      @Nullable String id,
      String topic,
      int partition,
      long offset,
      String answeredAt,
      int transactions,
      List<Fault> reasons) {

    /** Copies the list. */
    Receipt {
      reasons = List.copyOf(reasons);
    }
  }

  @Override
  public void process(Exchange exchange) {
    Message record = exchange.getMessage();
    String topic = String.valueOf(record.getHeader(KafkaConstants.TOPIC));
    int partition = record.getHeader(KafkaConstants.PARTITION, -1, Integer.class);
    long offset = record.getHeader(KafkaConstants.OFFSET, -1L, Long.class);
    byte[] key = record.getHeader(KafkaConstants.KEY, byte[].class);
    byte[] id = record.getHeader(ID, byte[].class);
    String topicId = record.getHeader(SameTopicConsumer.TOPIC_ID, "", String.class);
    String sender = topic.substring(TOPIC.length());

    UpdateRecord done =
        stored(sender, new Place(topicId, topic, partition, offset), record.getBody(byte[].class));
    String outcome = done.faults().isEmpty() ? "stored" : "rejected";
    if (!done.faults().isEmpty()) {
      LOG.atWarn()
          .addKeyValue("event", "kafka.record-rejected")
          .addKeyValue("topic", topic)
          .addKeyValue("partition", partition)
          .addKeyValue("offset", offset)
          .addKeyValue("codes", done.faults().stream().map(Fault::code).collect(Collectors.toSet()))
          .log("a sender's record was rejected; its receipt says why");
    }
    Receipt receipt =
        new Receipt(
            outcome,
            id == null || id.length > LONGEST_ID ? null : new String(id, StandardCharsets.UTF_8),
            topic,
            partition,
            offset,
            clock.instant().toString(),
            done.transactions().size(),
            done.faults());
    exchange.setProperty(SENDER, sender);
    exchange.setProperty(OUTCOME, outcome);
    // Nothing of the sender's headers may steer where the receipt goes.
    record.removeHeaders("*");
    if (key != null && key.length <= LONGEST_KEY) {
      record.setHeader(KafkaConstants.KEY, key);
    }
    if (receipt.id() != null) {
      record.setHeader(ID, receipt.id());
    }
    record.setBody(json.writeValueAsBytes(receipt));
  }

  private UpdateRecord stored(String id, Place place, byte @Nullable [] body) {
    Optional<Sender> sender = senders.byId(id);
    if (sender.isEmpty()) {
      return UpdateRecord.rejected(
          new Fault("not-a-sender", "", "The sender of this topic is not listed"));
    }
    try {
      UpdateRecord read = UpdateRecord.read(body, sender.get(), rules);
      return read.faults().isEmpty() && !isStored(read, place)
          ? UpdateRecord.rejected(OVERTAKEN)
          : read;
    } catch (IndexUnavailable e) {
      if (e.isOfTheContent()) {
        return UpdateRecord.rejected(
            new Fault("refused", "", "The database does not take the content"));
      }
      e.log(LOG, id);
      throw e;
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever is wrong with one record, or with us, must not keep the sender's others waiting.
      LOG.atError()
          .addKeyValue("event", "kafka.record-broken")
          .addKeyValue("sender", id)
          .addKeyValue("error", e.getClass().getName())
          .log("a sender's record ended in an error of ours; it is rejected");
      return UpdateRecord.rejected(
          new Fault("internal", "", "An error of ours; nothing is stored"));
    }
  }

  /** Stores it, unless that would be over later ones; whether it is stored, now or before. */
  private boolean isStored(UpdateRecord read, Place place) {
    atOnce.acquireUninterruptibly();
    try {
      Done done = offsets.once(place, () -> index.update(read.transactions()));
      if (done == Done.BEFORE) {
        LOG.atDebug()
            .addKeyValue("event", "kafka.record-known")
            .addKeyValue("topic", place.topic())
            .addKeyValue("partition", place.partition())
            .addKeyValue("offset", place.offset())
            .log("a sender's record was read again; it is answered, and not stored again");
      }
      return done != Done.NEVER;
    } finally {
      atOnce.release();
    }
  }
}
