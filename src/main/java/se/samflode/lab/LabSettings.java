package se.samflode.lab;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of what labs push.
 *
 * @param largestMessage a larger one is rejected, 64 kB to 32 MB
 * @param memory how much of messages is read at a time on this node, whatever way they come;
 *     largest-message to 1 GB
 * @param rejectedKept how long a rejected message is kept, 1 to 3,650 days
 */
@ConfigurationProperties("samflode.lab")
public record LabSettings(
    @DefaultValue("8MB") DataSize largestMessage,
    @DefaultValue("16MB") DataSize memory,
    @DefaultValue("90d") Duration rejectedKept) {

  /**
   * Checks ranges.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public LabSettings {
    if (largestMessage.toKilobytes() < 64 || largestMessage.toMegabytes() > 32) {
      throw new IllegalArgumentException("samflode.lab.largest-message must be 64KB to 32MB");
    }
    if (memory.compareTo(largestMessage) < 0 || memory.toMegabytes() > 1024) {
      throw new IllegalArgumentException(
          "samflode.lab.memory must be samflode.lab.largest-message to 1GB");
    }
    if (rejectedKept.toDays() < 1 || rejectedKept.toDays() > 3650) {
      throw new IllegalArgumentException("samflode.lab.rejected-kept must be 1d to 3650d");
    }
  }
}
