package se.samflode.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Somebody who sends to topics, and reads some from the time it is made. For one thread. */
public final class KafkaPeer implements AutoCloseable {

  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<Read> read = new ArrayList<>();

  /**
   * A record that was read. Prints itself redacted.
   *
   * @param id its header {@code id}, null if it has none
   */
  public record Read(
      String topic,
      int partition,
      long offset,
      @Nullable String key,
      @Nullable String id,
      String value) {

    @Override
    public String toString() {
      return "Read[" + topic + "/" + partition + "/" + offset + "]";
    }
  }

  /** Reads topics that exist, from now on, of a broker that lets everybody. */
  public KafkaPeer(KafkaBroker broker, String... topics) {
    this(broker, "anybody", topics);
  }

  private KafkaPeer(KafkaBroker broker, String user, String[] topics) {
    Properties sending = new Properties();
    sending.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.address());
    sending.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "10000000");
    sending.putAll(broker.settings(user));
    producer = new KafkaProducer<>(sending, new StringSerializer(), new ByteArraySerializer());
    Properties reading = new Properties();
    reading.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.address());
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    reading.putAll(broker.settings(user));
    consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  /** As a user of the broker. */
  public static KafkaPeer as(String user, KafkaBroker broker, String... topics) {
    return new KafkaPeer(broker, user, topics);
  }

  /** Sends a record and waits for the broker's acknowledgement. */
  public RecordMetadata send(
      String topic, String key, @Nullable String id, byte @Nullable [] value) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
    if (id != null) {
      record.headers().add("id", id.getBytes(UTF_8));
    }
    try {
      return producer.send(record).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the record was not sent", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All that has been read so far of a topic, in each partition in order. */
  public List<Read> read(String topic) {
    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
      Header id = record.headers().lastHeader("id");
      read.add(
          new Read(
              record.topic(),
              record.partition(),
              record.offset(),
              record.key(),
              id == null ? null : new String(id.value(), UTF_8),
              new String(record.value(), UTF_8)));
    }
    return read.stream().filter(one -> one.topic().equals(topic)).toList();
  }

  /** The offsets that a consumer group has committed, by partition. */
  public static Map<TopicPartition, Long> committed(KafkaBroker broker, String group) {
    try (Admin admin = broker.admin()) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
      return offsets;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the group cannot be looked at", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Lets a consumer group that has no members begin again at the first records of a topic. */
  public static void rewind(KafkaBroker broker, String group, String topic) {
    try (Admin admin = broker.admin()) {
      Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
      committed(broker, group)
          .keySet()
          .forEach(partition -> {
            if (partition.topic().equals(topic)) {
              first.put(partition, new OffsetAndMetadata(0));
            }
          });
      admin.alterConsumerGroupOffsets(group, first).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the group was not rewound", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    consumer.close();
  }
}
