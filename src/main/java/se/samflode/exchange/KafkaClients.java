package se.samflode.exchange;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Makes the clients of the routes, and one for the administration, so that brokers and what is
 * secret stand in no route. Camel's component takes the one factory there is. Thread-safe.
 */
@Component
@WithKafka
final class KafkaClients extends DefaultKafkaClientFactory implements DisposableBean {

  /** Shortest time between two consumers of a group: one that fails is made anew at once. */
  private static final Duration BETWEEN = Duration.ofSeconds(5);

  private static final Duration ADMIN = Duration.ofSeconds(5);

  private final KafkaSettings settings;
  private final Map<String, Long> madeAt = new ConcurrentHashMap<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private @Nullable Admin admin;

  KafkaClients(KafkaSettings settings) {
    this.settings = settings;
  }

  @Override
  public String getBrokers(KafkaConfiguration configuration) {
    return String.valueOf(settings.brokers());
  }

  @Override
  @SuppressWarnings("rawtypes") // as Camel has it
  public Producer getProducer(Properties given) {
    return super.getProducer(with(given));
  }

  @Override
  @SuppressWarnings("rawtypes") // as Camel has it
  public Consumer getConsumer(Properties given) {
    String group = String.valueOf(given.get(ConsumerConfig.GROUP_ID_CONFIG));
    Long before = madeAt.get(group);
    if (before != null) {
      pause(BETWEEN.toNanos() - (System.nanoTime() - before));
    }
    madeAt.put(group, System.nanoTime());
    return new SameTopicConsumer(with(given), this);
  }

  /** A client for looking; the caller closes it. */
  Admin admin() {
    Properties given = new Properties();
    given.put("bootstrap.servers", String.valueOf(settings.brokers()));
    given.put("default.api.timeout.ms", (int) ADMIN.toMillis());
    given.put("request.timeout.ms", (int) ADMIN.toMillis());
    given.put("reconnect.backoff.max.ms", (int) ADMIN.toMillis());
    return Admin.create(with(given));
  }

  /**
   * Kafka's id of a topic as it is now: one that is made anew under its name has another.
   *
   * @throws KafkaException if the broker does not answer, or has no such topic
   */
  String topicId(String topic) {
    try {
      return looking()
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .values()
          .iterator()
          .next()
          .topicId()
          .toString();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e); // sets the interrupt
    }
  }

  private synchronized Admin looking() {
    Admin made = admin;
    if (made == null) {
      made = admin();
      admin = made;
    }
    return made;
  }

  private Properties with(Properties given) {
    Properties all = new Properties();
    all.putAll(given);
    all.putAll(settings.clients());
    return all;
  }

  private void pause(long nanos) {
    try {
      boolean _ = stopping.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // The route is being stopped; its thread sees to it.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void destroy() {
    stopping.countDown();
    if (admin != null) {
      admin.close();
    }
  }
}
