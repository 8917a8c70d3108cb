package se.samflode.lab;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How labs send HL7 v2.
 *
 * @param port where it is taken; nowhere by default
 * @param address of ours that listens
 * @param sslBundle the SSL bundle with our key, and with whom we let in as its trust store
 * @param plainSender who sends without TLS; on a loopback address only
 * @param connections at one time, 1 to 10,000; one more is closed
 * @param memory for what all connections hold of messages until they are answered, beyond 64 kB of
 *     each; 1 MB to 4 GB
 * @param idle a connection without a message is closed after so long, 1 s to 7 d
 */
@ConfigurationProperties("samflode.lab.mllp")
record MllpSettings(
    @Nullable Integer port,
    @DefaultValue("0.0.0.0") String address,
    @Nullable String sslBundle,
    @Nullable String plainSender,
    @DefaultValue("200") int connections,
    @DefaultValue("64MB") DataSize memory,
    @DefaultValue("10m") Duration idle) {

  /**
   * Checks ranges.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  MllpSettings {
    if (port != null && (port < 1 || port > 65_535)) {
      throw new IllegalArgumentException("samflode.lab.mllp.port must be 1 to 65535");
    }
    if (connections < 1 || connections > 10_000) {
      throw new IllegalArgumentException("samflode.lab.mllp.connections must be 1 to 10000");
    }
    if (memory.toMegabytes() < 1 || memory.toGigabytes() > 4) {
      throw new IllegalArgumentException("samflode.lab.mllp.memory must be 1MB to 4GB");
    }
    if (idle.toSeconds() < 1 || idle.toDays() > 7) {
      throw new IllegalArgumentException("samflode.lab.mllp.idle must be 1s to 7d");
    }
  }
}
