package se.samflode.federation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;
import se.samflode.federation.Item.Text;

/**
 * What kept fragments take: memory outside the heap for each, the heap beside, pauses, and the time
 * to put and to get. {@code -Dcache.fragments=1000000} is how many. Docs: docs/benchmarks.md.
 */
class CacheBenchmark {

  private static final Logger LOG = LoggerFactory.getLogger(CacheBenchmark.class);

  private static final int FRAGMENTS = Integer.getInteger("cache.fragments", 1_000_000);
  private static final int GETS = 1_000_000;
  private static final int BYTES = 2_000;

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  @Test
  void tellsWhatKeptFragmentsTake() throws IOException {
    DataSize room = DataSize.ofMegabytes(Math.max(64, FRAGMENTS * 5_000L / 1_000_000));
    Fragments fragments =
        new Fragments(
            new CacheSettings(room, 200, DataSize.ofKilobytes(512)),
            new FreshnessSettings(Duration.ofHours(12), Duration.ofHours(24), Duration.ZERO, 0),
            Clock.systemUTC(),
            metrics);
    Random random = new Random(21);
    long heapBefore = heap();
    long begun = System.nanoTime();
    for (int i = 0; i < FRAGMENTS; i++) {
      fragments.keep(key(i), fragment(i, random));
    }
    double putMicros = (System.nanoTime() - begun) / 1e3 / FRAGMENTS;
    long pausesBefore = pauseMillis();
    long collectionsBefore = collections();
    long found = 0;
    begun = System.nanoTime();
    for (int i = 0; i < GETS; i++) {
      found += fragments.get(key(random.nextInt(FRAGMENTS))) == null ? 0 : 1;
    }
    double getMicros = (System.nanoTime() - begun) / 1e3 / GETS;
    long pauses = pauseMillis() - pausesBefore;
    long collections = collections() - collectionsBefore;
    assertThat(found).isEqualTo(GETS);
    assertThat(metrics.get("samflode.cache.evicted").gauge().value()).isZero();
    String report =
        String.format(
            Locale.ROOT,
            """

            | fragments of %d bytes | kept | bytes outside the heap, each | heap beside | put | get |\
             collections in %d gets | their pauses |
            |---|---|---|---|---|---|---|---|
            | %d | %.0f | %.0f | %d MB | %.1f µs | %.1f µs | %d | %d ms |
            """,
            BYTES,
            GETS,
            FRAGMENTS,
            metrics.get("samflode.cache.fragments").gauge().value(),
            metrics.get("samflode.cache.size").gauge().value() / FRAGMENTS,
            Math.max(0, heap() - heapBefore) >> 20,
            putMicros,
            getMicros,
            collections,
            pauses);
    fragments.destroy();
    Files.writeString(Path.of("target", "cache-benchmark.md"), report);
    LOG.info("{}", report);
  }

  private static FragmentKey key(int number) {
    return new FragmentKey(number * 0x9E3779B97F4A7C15L, number, ~number, 7);
  }

  /** Two items, of which half the bytes are JSON. */
  private static Fragment fragment(int number, Random random) {
    byte[] filling = new byte[BYTES / 4 - 60];
    for (int i = 0; i < filling.length; i++) {
      filling[i] = (byte) ('a' + random.nextInt(26));
    }
    String text = new String(filling, UTF_8);
    Text xml = Text.xml(("<item>" + text + "</item>").getBytes(UTF_8), List.of());
    Text json = Text.json(("{\"id\":\"" + text + "\"}").getBytes(UTF_8), List.of());
    Instant at = Instant.ofEpochSecond(1_800_000_000L + number);
    Item item = Item.shown("id-of-24-characters-0001", json, at, xml);
    return new Fragment(1, at, null, List.of(item, item), 0, List.of(), List.of());
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long pauseMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}
