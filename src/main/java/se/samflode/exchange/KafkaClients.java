package se.samflode.exchange;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
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
    return super.getConsumer(with(given));
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
  public void destroy() {
    stopping.countDown();
  }
}
