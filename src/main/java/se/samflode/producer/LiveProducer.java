package se.samflode.producer;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncProducer;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;

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
          && settings.timeouts().read().equals(producer.timeouts().read())
          && Objects.equals(settings.sslBundle(), producer.sslBundle())
          && settings.breaker().equals(producer.breaker());
    }
  }

  private final ResizableSemaphore permits;
  private final RateLimiter rate;
  private volatile Producer settings;
  private volatile CircuitBreaker breaker;

  /** Before this the producer has asked not to be called. */
  private final AtomicReference<Instant> quietUntil = new AtomicReference<>(Instant.EPOCH);

  private volatile @Nullable Route route;

  /** The share of its calls per second that it is asked for; grows while our cache is empty. */
  private volatile double ramp;

  /**
   * @param ramp how much of its calls per second it is asked for at first, above 0 to 1
   */
  LiveProducer(Producer producer, double ramp) {
    settings = producer;
    this.ramp = ramp;
    permits = new ResizableSemaphore(producer.limits().callsInFlight());
    rate =
        RateLimiter.of(
            producer.id(),
            RateLimiterConfig.custom()
                .limitForPeriod(perSecond(producer, ramp))
                .limitRefreshPeriod(Duration.ofSeconds(1))
                .timeoutDuration(Duration.ZERO)
                .build());
    breaker = Breakers.of(producer);
  }

  /**
   * Takes the entry's limits, windows and breaker. A call under way keeps what it began with, and a
   * route the breaker it was made with.
   */
  void follow(Producer producer) {
    permits.resize(producer.limits().callsInFlight());
    rate.changeLimitForPeriod(perSecond(producer, ramp));
    if (!settings.breaker().equals(producer.breaker())) {
      breaker = Breakers.inPlaceOf(breaker, producer);
    }
    settings = producer;
  }

  private static int perSecond(Producer producer, double ramp) {
    return Math.max(1, (int) (producer.limits().callsPerSecond() * ramp));
  }

  /** Takes another share of its calls per second. */
  void ramp(double share) {
    if (ramp != share) {
      ramp = share;
      rate.changeLimitForPeriod(perSecond(settings, share));
    }
  }

  /** Why a call would be refused now without being made; {@code null} if it may be tried. */
  @Nullable Reason refusal(Instant now) {
    if (isInMaintenance(now)) {
      return Reason.MAINTENANCE;
    }
    if (quietFor(now).isPositive()) {
      return Reason.LIMITED;
    }
    return breaker.getState() == CircuitBreaker.State.OPEN ? Reason.CIRCUIT_OPEN : null;
  }

  boolean isInMaintenance(Instant now) {
    return settings.maintenance().holds(now);
  }

  /** How long it still wants no calls; nothing if it takes them. */
  Duration quietFor(Instant now) {
    return left(now, quietUntil.get());
  }

  private static Duration left(Instant now, Instant until) {
    Duration left = Duration.between(now, until);
    // Longer only by a clock that has been put back since.
    return left.isPositive() && left.compareTo(RetryAfter.LONGEST) <= 0 ? left : Duration.ZERO;
  }

  /**
   * Has nobody call it before a time, unless a later one holds already.
   *
   * @return whether it could be called until now
   */
  boolean quiet(Instant now, Instant until) {
    Instant before =
        quietUntil.getAndUpdate(
            held -> left(now, held).compareTo(left(now, until)) > 0 ? held : until);
    return left(now, before).isZero();
  }

  /** Whether background work had better wait: half of its limits are used, or it is not well. */
  boolean isNearLimits(Instant now) {
    return refusal(now) != null
        || breaker.getState() != CircuitBreaker.State.CLOSED
        || 2 * permits.held() >= permits.size()
        || 2 * rate.getMetrics().getAvailablePermissions()
            < rate.getRateLimiterConfig().getLimitForPeriod();
  }

  /** Where it stands, with this route. */
  ProducerState state(Route route, Instant now) {
    CircuitBreaker.Metrics counted = breaker.getMetrics();
    return new ProducerState(
        route.id(),
        permits.held(),
        settings.limits(),
        breaker.getState().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        percent(counted.getFailureRate()),
        percent(counted.getSlowCallRate()),
        quietFor(now).isPositive() ? quietUntil.get() : null,
        isInMaintenance(now),
        isNearLimits(now));
  }

  private static @Nullable Integer percent(float rate) {
    return rate < 0 ? null : Math.round(rate);
  }

  String id() {
    return settings.id();
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
