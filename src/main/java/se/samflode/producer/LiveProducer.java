package se.samflode.producer;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import org.apache.camel.AsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * A producer while it is registered: its permits and rate, which outlive its route, and the route
 * that takes new calls. Thread-safe.
 */
final class LiveProducer {

  /**
   * A started route.
   *
   * @param version never the same for two routes
   * @param settings what the route was made from
   * @param entrance takes calls on the caller's thread
   */
  record Route(int version, Producer settings, AsyncProducer entrance) {

    String id() {
      return "ask-" + settings.id() + "-" + version;
    }

    String pool() {
      return "pool-" + settings.id() + "-" + version;
    }

    /** Whether a producer needs another route than this one; limits and deadlines need none. */
    boolean serves(Producer producer) {
      return settings.url().equals(producer.url())
          && settings.timeouts().connect().equals(producer.timeouts().connect())
          && java.util.Objects.equals(settings.sslBundle(), producer.sslBundle());
    }
  }

  private final ResizableSemaphore permits;
  private final RateLimiter rate;
  private volatile @Nullable Route route;

  LiveProducer(Producer producer) {
    permits = new ResizableSemaphore(producer.limits().callsInFlight());
    rate =
        RateLimiter.of(
            producer.id(),
            RateLimiterConfig.custom()
                .limitForPeriod(producer.limits().callsPerSecond())
                .limitRefreshPeriod(Duration.ofSeconds(1))
                .timeoutDuration(Duration.ZERO)
                .build());
  }

  void limit(Producer.Limits limits) {
    permits.resize(limits.callsInFlight());
    rate.changeLimitForPeriod(limits.callsPerSecond());
  }

  ResizableSemaphore permits() {
    return permits;
  }

  RateLimiter rate() {
    return rate;
  }

  @Nullable Route route() {
    return route;
  }

  void take(Route next) {
    route = next;
  }
}
