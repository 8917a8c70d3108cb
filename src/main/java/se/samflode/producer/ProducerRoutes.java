package se.samflode.producer;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Starts and replaces the producers' routes. A replacement takes new calls before the old route is
 * drained, so that no call is lost. Thread-safe.
 */
@Component
final class ProducerRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(ProducerRoutes.class);
  private static final String TEMPLATE = "producer-rivta";
  private static final String GAUGES = "samflode.producer.";
  private static final String IN_FLIGHT = "in.flight";
  private static final String PRODUCER = "producer";

  /** The permits are the bound; the pool must only never be the smaller one. */
  private static final int POOL_SIZE = 1000;

  private static final double FIRST_SHARE = 0.25;

  private final SslBundles sslBundles;
  private final MeterRegistry metrics;
  private final Duration ramp;
  private final Clock clock;

  /** When calls could be made first; {@code null} before. */
  private volatile @Nullable Instant callsSince;

  private final Map<String, LiveProducer> live = new ConcurrentHashMap<>();
  private List<Producer> wanted = List.of();
  private int versions;
  private volatile @Nullable CamelContext camel;
  private volatile @Nullable RouteDrain drain;

  ProducerRoutes(
      SslBundles sslBundles, ProducerSettings settings, MeterRegistry metrics, Clock clock) {
    this.ramp = settings.ramp();
    this.clock = clock;
    this.sslBundles = sslBundles;
    this.metrics = metrics;
  }

  /** Whether an SSL bundle exists and can be used. */
  boolean canUse(String sslBundle) {
    try {
      return sslBundles.getBundleNames().contains(sslBundle)
          && sslBundles.getBundle(sslBundle).createSslContext() != null;
    } catch (IllegalStateException e) {
      // A store that is missing, or not opened by its password; the caller names the bundle.
      return false;
    }
  }

  /** The producer with this id; {@code null} if there never was one. */
  @Nullable LiveProducer live(String id) {
    return live.get(id);
  }

  /** Whether the producers of the registry have their routes. */
  boolean started() {
    return drain != null;
  }

  /** Starts the routes of all producers wanted so far. */
  synchronized void start(CamelContext context) {
    camel = context;
    callsSince = clock.instant();
    follow(wanted);
    drain = new RouteDrain(context, this);
  }

  /**
   * After a start nothing is kept yet and every question is a call: producers are asked for a
   * quarter of their calls per second at first, and for more and more of them.
   */
  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  void ramp() {
    double share = rampNow();
    live.values().forEach(producer -> producer.ramp(share));
  }

  private double rampNow() {
    Instant now = clock.instant();
    Instant since = callsSince;
    if (since != null && now.isBefore(since)) {
      // The clock has been put back.
      callsSince = now;
    }
    return share(callsSince, now, ramp);
  }

  /**
   * The share of their calls per second that producers are asked for.
   *
   * @param since when calls could be made first; {@code null} before
   */
  static double share(@Nullable Instant since, Instant now, Duration ramp) {
    if (ramp.isZero() || since == null) {
      return ramp.isZero() ? 1 : FIRST_SHARE;
    }
    double passed = (double) Duration.between(since, now).toMillis() / ramp.toMillis();
    return Math.clamp(FIRST_SHARE + (1 - FIRST_SHARE) * passed, FIRST_SHARE, 1);
  }

  /** Stops draining; Camel stops the routes. */
  synchronized void stop() {
    RouteDrain running = drain;
    if (running != null) {
      running.close();
    }
  }

  /** Sees to it that each of these producers has a route that fits, and the limits it should. */
  synchronized void follow(List<Producer> producers) {
    wanted = producers;
    CamelContext context = camel;
    if (context == null) {
      return;
    }
    for (Producer producer : producers) {
      try {
        follow(context, producer);
      } catch (RuntimeException e) {
        if (drain == null) {
          throw e;
        }
        // The others of the file must not wait for this one.
        LOG.atError()
            .addKeyValue("event", "producer.route-not-started")
            .addKeyValue("producer", producer.id())
            .addKeyValue("error", e.getClass().getName())
            .log("a producer's route did not start; what ran before goes on");
      }
    }
  }

  /** Drains the routes of producers that are wanted no more; called when nobody is sent to them. */
  synchronized void retireUnwanted() {
    Set<String> gone = new HashSet<>(live.keySet());
    wanted.forEach(producer -> gone.remove(producer.id()));
    for (String id : gone) {
      LiveProducer entry = live.get(id);
      if (entry != null && entry.route() != null) {
        LiveProducer.Route old = entry.route();
        entry.take(null);
        // Else an alert on one of them would never end. Its calls may still be under way.
        Search.in(metrics)
            .name(name -> name.startsWith(GAUGES) && !name.equals(GAUGES + IN_FLIGHT))
            .tag(PRODUCER, id)
            .gauges()
            .forEach(metrics::remove);
        drain(old);
      }
    }
  }

  private void follow(CamelContext context, Producer producer) {
    LiveProducer entry = live.get(producer.id());
    if (entry == null) {
      LiveProducer added = new LiveProducer(producer, rampNow());
      gauge(
          IN_FLIGHT,
          "Calls to the producer that have not ended",
          producer.id(),
          () -> added.permits().held());
      entry = added;
      live.put(producer.id(), entry);
    } else {
      entry.follow(producer);
    }
    LiveProducer.Route old = entry.route();
    if (old == null || !old.serves(producer)) {
      context.getRegistry().bind("breaker-" + producer.id(), entry.breaker());
      entry.take(startRoute(context, producer, ++versions));
      if (old == null) {
        measure(producer.id(), entry);
      }
      LOG.atInfo()
          .addKeyValue("event", "producer.route-started")
          .addKeyValue("producer", producer.id())
          .log("producer's route takes calls");
      drain(old);
    }
  }

  private void drain(LiveProducer.@Nullable Route old) {
    RouteDrain running = drain;
    if (old != null && running != null) {
      running.drain(old);
    }
  }

  private LiveProducer.Route startRoute(CamelContext context, Producer producer, int version) {
    String name = producer.id() + "-" + version;
    context.getRegistry().bind("pool-" + name, pool(producer));
    String routeId =
        TemplatedRouteBuilder.builder(context, TEMPLATE)
            .routeId("ask-" + name)
            .prefixId(name + "-")
            .parameter(PRODUCER, producer.id())
            .parameter("version", version)
            .parameter("url", producer.url().toString())
            .add();
    try {
      AsyncProducer entrance = context.getRoute(routeId).getEndpoint().createAsyncProducer();
      entrance.start();
      return new LiveProducer.Route(version, producer, entrance);
    } catch (Exception e) { // what Camel's interface declares
      throw new IllegalStateException("the route of " + producer.id() + " did not start", e);
    }
  }

  private PoolingHttpClientConnectionManager pool(Producer producer) {
    PoolingHttpClientConnectionManagerBuilder pool =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnTotal(POOL_SIZE)
            .setMaxConnPerRoute(POOL_SIZE)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(producer.timeouts().connect()))
                    .setSocketTimeout(Timeout.of(producer.timeouts().read()))
                    // Producers close idle connections; a stale one must not cost a call.
                    .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                    .setTimeToLive(TimeValue.ofMinutes(5))
                    .build());
    String bundle = producer.sslBundle();
    if (bundle != null) {
      pool.setTlsSocketStrategy(
          new DefaultClientTlsStrategy(sslBundles.getBundle(bundle).createSslContext()));
    }
    return pool.build();
  }

  private void measure(String producer, LiveProducer entry) {
    gauge(
        "circuit",
        "Its circuit breaker: 0 closed, 1 half open, 2 open",
        producer,
        () -> circuit(entry.breaker().getState()));
    gauge(
        "in.flight.limit",
        "Calls that it takes at the same time",
        producer,
        () -> entry.permits().size());
    gauge(
        "rate.limit",
        "Calls that it takes in a second",
        producer,
        () -> entry.rate().getRateLimiterConfig().getLimitForPeriod());
    gauge(
        "quiet.seconds",
        "How long it still wants no calls, by Retry-After",
        producer,
        () -> entry.quietFor(clock.instant()).toMillis() / 1000.0);
    gauge(
        "maintenance",
        "1 within a declared maintenance, else 0",
        producer,
        () -> entry.isInMaintenance(clock.instant()) ? 1 : 0);
  }

  private void gauge(String name, String description, String producer, Supplier<Number> value) {
    Gauge.builder(GAUGES + name, value)
        .description(description)
        .tag(PRODUCER, producer)
        .register(metrics);
  }

  private static int circuit(CircuitBreaker.State state) {
    return switch (state) {
      case CLOSED, DISABLED, METRICS_ONLY -> 0;
      case HALF_OPEN -> 1;
      case OPEN, FORCED_OPEN -> 2;
    };
  }
}
