package se.samflode.federation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.ehcache.Cache;
import org.ehcache.CacheManager;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.CacheManagerBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.EntryUnit;
import org.ehcache.config.units.MemoryUnit;
import org.ehcache.core.internal.statistics.DefaultStatisticsService;
import org.ehcache.core.statistics.CacheStatistics;
import org.ehcache.core.statistics.TierStatistics;
import org.ehcache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import se.samflode.contract.Contract;

/**
 * The fragments that are kept, in memory only. Says nothing about whether one may be served: that
 * is {@link Freshness}'. Thread-safe.
 */
@Component
final class Fragments implements DisposableBean {

  private static final String NAME = "fragments";
  private static final int LOCKS = 64;

  private final FragmentBytes serializer = new FragmentBytes();
  private final Clock clock;
  private final long largest;
  private final Object[] locks = IntStream.range(0, LOCKS).mapToObj(i -> new Object()).toArray();
  private final @Nullable CacheManager manager;
  private final @Nullable Cache<FragmentKey, Fragment> cache;

  Fragments(
      CacheSettings settings, FreshnessSettings freshness, Clock clock, MeterRegistry metrics) {
    this.clock = clock;
    largest = settings.largest().toBytes();
    if (settings.offHeap().toBytes() == 0) {
      manager = null;
      cache = null;
      return;
    }
    DefaultStatisticsService statistics = new DefaultStatisticsService();
    manager =
        CacheManagerBuilder.newCacheManagerBuilder()
            .using(statistics)
            .withCache(NAME, configuration(settings, freshness))
            .build(true);
    cache = manager.getCache(NAME, FragmentKey.class, Fragment.class);
    measure(statistics.getCacheStatistics(NAME), metrics);
  }

  private CacheConfigurationBuilder<FragmentKey, Fragment> configuration(
      CacheSettings settings, FreshnessSettings freshness) {
    return CacheConfigurationBuilder.newCacheConfigurationBuilder(
            FragmentKey.class,
            Fragment.class,
            ResourcePoolsBuilder.newResourcePoolsBuilder()
                .heap(settings.heapFragments(), EntryUnit.ENTRIES)
                .offheap(settings.offHeap().toBytes(), MemoryUnit.B))
        .withKeySerializer(new FragmentKey.Bytes())
        .withValueSerializer(serializer)
        .withExpiry(new Expiry(longest(freshness)));
  }

  /** How long a fragment can be good for anything. */
  private static Duration longest(FreshnessSettings freshness) {
    Duration unproven = Contract.Freshness.LONGEST;
    Duration fresh = freshness.proven().compareTo(unproven) > 0 ? freshness.proven() : unproven;
    return fresh.plus(freshness.maxStale());
  }

  private static void measure(CacheStatistics statistics, MeterRegistry metrics) {
    Gauge.builder("samflode.cache.size", statistics, s -> tier(s).getOccupiedByteSize())
        .description("Bytes outside the heap that kept fragments take")
        .baseUnit("bytes")
        .register(metrics);
    Gauge.builder("samflode.cache.fragments", statistics, s -> tier(s).getMappings())
        .description("Fragments that are kept")
        .register(metrics);
    Gauge.builder("samflode.cache.evicted", statistics, s -> s.getCacheEvictions())
        .description("Fragments that gave way to others since the start, for want of memory")
        .register(metrics);
  }

  private static TierStatistics tier(CacheStatistics statistics) {
    return Objects.requireNonNull(statistics.getTierStatistics().get("OffHeap"));
  }

  /** What is kept under a key, whatever its age; {@code null} if nothing is. */
  @Nullable Fragment get(FragmentKey key) {
    return cache == null ? null : cache.get(key);
  }

  /**
   * Keeps a fragment in the place of what was kept, unless that was fetched later, by a clock that
   * has not been put back since.
   *
   * @return what was kept before; {@code null} if nothing was
   */
  @Nullable Fragment keep(FragmentKey key, Fragment fragment) {
    if (cache == null) {
      return null;
    }
    // Two calls may end in another order than they began.
    synchronized (locks[Math.floorMod(key.hashCode(), LOCKS)]) {
      Fragment before = cache.get(key);
      if (before == null
          || !before.fetchedAt().isAfter(fragment.fetchedAt())
          || before.fetchedAt().isAfter(clock.instant())) {
        if (fragment.weight() <= largest) {
          cache.put(key, fragment);
        } else {
          cache.remove(key);
        }
      }
      return before;
    }
  }

  /** Beyond its life a fragment only takes room. */
  private record Expiry(Duration life) implements ExpiryPolicy<FragmentKey, Fragment> {

    @Override
    public Duration getExpiryForCreation(FragmentKey key, Fragment fragment) {
      return fragment.notAfter() == null
          ? life
          : Duration.between(fragment.fetchedAt(), fragment.notAfter());
    }

    @Override
    public @Nullable Duration getExpiryForAccess(
        FragmentKey key, Supplier<? extends Fragment> fragment) {
      return null;
    }

    @Override
    public Duration getExpiryForUpdate(
        FragmentKey key, Supplier<? extends Fragment> before, Fragment fragment) {
      return getExpiryForCreation(key, fragment);
    }
  }

  @Override
  public void destroy() {
    if (manager != null) {
      manager.close();
    }
  }
}
