package se.samflode.producer;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.Objects;
import org.apache.camel.AsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * What outlives a producer's route: its permits, its rate and its breaker, and which route takes
 * new calls. It stays when the producer leaves the registry, so that one that comes back still
 * counts the calls that have not ended. Thread-safe.
 */
final class LiveProducer {

  /**
   * A started route.
   *
   * @param version differs between all routes of this process
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

    /** Whether a producer can do with this route; other limits and deadlines need no new one. */
    boolean serves(Producer producer) {
      return settings.url().equals(producer.url())
          && settings.timeouts().connect().equals(producer.timeouts().connect())
          && Objects.equals(settings.sslBundle(), producer.sslBundle())
          && settings.breaker().equals(producer.breaker());
    }
  }

  private final ResizableSemaphore permits;
  private final RateLimiter rate;
  private volatile CircuitBreaker breaker;
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
    breaker = Breakers.of(producer);
  }

  void limit(Producer.Limits limits) {
    permits.resize(limits.callsInFlight());
    rate.changeLimitForPeriod(limits.callsPerSecond());
  }

  /** Takes a breaker's new settings; a route that runs keeps the breaker it was made with. */
  void changeBreaker(Producer producer) {
    breaker = Breakers.inPlaceOf(breaker, producer);
  }

  CircuitBreaker breaker() {
    return breaker;
  }

  ResizableSemaphore permits() {
    return permits;
  }

  RateLimiter rate() {
    return rate;
  }

  /**
   * The route that takes new calls; {@code null} for a producer that is not registered any more.
   */
  @Nullable Route route() {
    return route;
  }

  void take(@Nullable Route next) {
    route = next;
  }
}
