package se.samflode.mockregions;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** FHIR over Kafka. Only a receipt counts as an answer. Thread-safe. */
public final class KafkaWay implements LabWay {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String sender;
  private final String sourceSystem;
  private final KafkaProducer<String, String> producer;
  private final KafkaConsumer<String, String> receipts;
  private final Map<String, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();
  private final Thread reading;
  private volatile boolean closed;

  /** Of a sender whose topics exist. */
  public KafkaWay(String brokers, String sender, String sourceSystem) {
    this.sender = sender;
    this.sourceSystem = sourceSystem;
    Properties sending = new Properties();
    sending.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    sending.put(ProducerConfig.ACKS_CONFIG, "all");
    producer = new KafkaProducer<>(sending, new StringSerializer(), new StringSerializer());
    Properties read = new Properties();
    read.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    receipts = new KafkaConsumer<>(read, new StringDeserializer(), new StringDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    String topic = "lab-receipts.v1." + sender;
    receipts
        .partitionsFor(topic)
        .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    receipts.assign(partitions);
    receipts.seekToEnd(partitions);
    partitions.forEach(receipts::position);
    reading = Thread.ofPlatform().daemon().name("receipts").start(this::read);
  }

  @Override
  public String name() {
    return "FHIR over Kafka";
  }

  @Override
  public boolean push(LabSample sample) throws IOException, InterruptedException {
    String key = Integer.toHexString((sourceSystem + "|" + sample.record()).hashCode());
    try {
      RecordMetadata at =
          producer
              .send(
                  new ProducerRecord<>("lab-results.v1." + sender, key, sample.fhir(sourceSystem)))
              .get();
      return waiting
          .computeIfAbsent(place(at.partition(), at.offset()), p -> new CompletableFuture<>())
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no receipt: " + e.getClass().getSimpleName());
    }
  }

  private static String place(int partition, long offset) {
    return partition + "/" + offset;
  }

  private void read() {
    while (!closed) {
      for (ConsumerRecord<String, String> record : receipts.poll(Duration.ofMillis(200))) {
        JsonNode receipt = JsonMapper.shared().readTree(record.value());
        waiting
            .computeIfAbsent(
                place(receipt.path("partition").asInt(), receipt.path("offset").asLong()),
                p -> new CompletableFuture<>())
            .complete(receipt.path("outcome").asString().equals("stored"));
      }
    }
    receipts.close();
  }

  @Override
  public void close() {
    closed = true;
    try {
      reading.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(2));
  }
}
