package se.samflode.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one topic, until it is made anew under its name: then {@link #poll} throws {@link
 * KafkaException}, and another consumer begins at the new topic's first record. Kafka's own would
 * go on in the new topic where it was in the old one, and commit for the new what it had read of
 * the old. As Kafka's, for one thread.
 */
final class SameTopicConsumer extends KafkaConsumer<Object, Object> {

  /**
   * Header of each record: Kafka's id of its topic, over what its sender may have written there.
   */
  static final String TOPIC_ID = "samflode-topic-id";

  private static final Logger LOG = LoggerFactory.getLogger(SameTopicConsumer.class);

  private final KafkaClients clients;
  private String topic = "";
  private @Nullable String topicId;

  SameTopicConsumer(Properties properties, KafkaClients clients) {
    super(properties);
    this.clients = clients;
  }

  /** Only what is the same before and after has been there all the time. */
  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
    topic = String.join(",", topics);
    try {
      topicId = clients.topicId(topic);
    } catch (KafkaException e) {
      topicId = null; // the broker is away: begun once more when it answers
    }
    super.subscribe(topics, listener);
  }

  @Override
  public ConsumerRecords<Object, Object> poll(Duration timeout) {
    ConsumerRecords<Object, Object> records = super.poll(timeout);
    String now;
    try {
      now = clients.topicId(topic);
    } catch (KafkaException e) {
      if (records.isEmpty()) {
        return records;
      }
      throw begunOnceMore(e);
    }
    if (!now.equals(topicId)) {
      if (topicId != null) {
        LOG.atWarn()
            .addKeyValue("event", "kafka.topic-anew")
            .addKeyValue("topic", topic)
            .log("a sender's topic was made anew under its name; it is read from its beginning");
      }
      throw new KafkaException("the topic is not the one that was subscribed to");
    }
    records.forEach(record -> record.headers().add(TOPIC_ID, now.getBytes(UTF_8)));
    return records;
  }

  /**
   * What was read of the old topic is not committed for the new one, unless that is made between
   * the look and the commit.
   */
  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    String now;
    try {
      now = clients.topicId(topic);
    } catch (KafkaException e) {
      throw begunOnceMore(e);
    }
    if (now.equals(topicId)) {
      super.commitSync(offsets, timeout);
    }
  }

  /** Camel gives a consumer up for good at some kinds of exceptions, not at this one. */
  private static KafkaException begunOnceMore(KafkaException e) {
    return new KafkaException("the topic cannot be looked up", e);
  }
}
