package se.samflode.federation;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much is kept of what producers have answered. In memory only.
 *
 * @param offHeap bytes outside the heap, which the JVM must allow ({@code -XX:MaxDirectMemorySize},
 *     by default as much as {@code -Xmx}); 0 keeps nothing
 * @param heapFragments fragments that are kept on the heap too, so that they are served without
 *     copying
 * @param largest a larger fragment is not kept
 */
@Validated
@ConfigurationProperties("samflode.cache")
record CacheSettings(
    @DefaultValue("128MB") DataSize offHeap,
    @DefaultValue("200") @Min(1) @Max(1_000_000) int heapFragments,
    @DefaultValue("1MB") DataSize largest) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is negative, or the memory too small for its parts
   */
  CacheSettings {
    long bytes = offHeap.toBytes();
    if (bytes != 0 && bytes < DataSize.ofMegabytes(8).toBytes()) {
      throw new IllegalArgumentException(
          "samflode.cache.off-heap must be 8MB or more, or 0B to keep nothing");
    }
    if (largest.toBytes() < 1 || (bytes != 0 && largest.toBytes() > bytes / 8)) {
      throw new IllegalArgumentException(
          "samflode.cache.largest must be 1B to an eighth of samflode.cache.off-heap");
    }
  }
}
