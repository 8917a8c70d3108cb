package se.samflode.exchange;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How Kafka is reached. Immutable; prints itself redacted.
 *
 * @param brokers host and port of one or more brokers, with commas between; without it there is no
 *     Kafka, and all else works
 * @param properties of every Kafka client by Kafka's own names, such as {@code security.protocol}
 */
@ConfigurationProperties("samflode.kafka")
record KafkaSettings(@Nullable String brokers, @Nullable Map<String, String> properties) {

  KafkaSettings {
    properties = properties == null ? Map.of() : Map.copyOf(properties);
  }

  /** What every client is given. */
  Map<String, Object> clients() {
    return Map.copyOf(properties == null ? Map.of() : properties);
  }

  @Override
  public String toString() {
    return "KafkaSettings[redacted]";
  }
}
