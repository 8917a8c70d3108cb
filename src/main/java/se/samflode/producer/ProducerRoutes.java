package se.samflode.producer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
import org.springframework.stereotype.Component;

/**
 * Starts, replaces and stops the producers' routes. A replacement starts before the old route is
 * drained, so that no call is lost. Thread-safe.
 */
@Component
final class ProducerRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(ProducerRoutes.class);
  private static final String TEMPLATE = "producer-rivta";
  private static final String IN_FLIGHT = "samflode.producer.in.flight";

  /** The permits are the bound; the pool must only never be the smaller one. */
  private static final int POOL_SIZE = 1000;

  private final SslBundles sslBundles;
  private final MeterRegistry metrics;
  private final Map<String, LiveProducer> live = new ConcurrentHashMap<>();
  private List<Producer> wanted = List.of();
  private @Nullable CamelContext camel;

  /** Never used twice: a producer that comes back must not meet its own route on the way out. */
  private int lastVersion;

  ProducerRoutes(SslBundles sslBundles, MeterRegistry metrics) {
    this.sslBundles = sslBundles;
    this.metrics = metrics;
  }

  boolean knows(String sslBundle) {
    return sslBundles.getBundleNames().contains(sslBundle);
  }

  /** The producer with this id, or {@code null} if it has none any more. */
  @Nullable LiveProducer live(String id) {
    return live.get(id);
  }

  /** Starts the routes of all producers wanted so far. */
  synchronized void start(CamelContext context) {
    camel = context;
    follow(wanted);
  }

  /** Starts and replaces routes, so that each of these producers has one that serves it. */
  synchronized void follow(List<Producer> producers) {
    wanted = producers;
    if (camel == null) {
      return;
    }
    for (Producer producer : producers) {
      follow(camel, producer);
    }
  }

  /** Stops the routes of producers that are no longer wanted, once no new question finds them. */
  synchronized void retireUnwanted() {
    if (camel == null) {
      return;
    }
    Set<String> gone = new HashSet<>(live.keySet());
    wanted.forEach(producer -> gone.remove(producer.id()));
    for (String id : gone) {
      LiveProducer removed = live.remove(id);
      if (removed == null) {
        continue;
      }
      // Else a producer that comes back under this id would be measured by the one that went.
      Gauge inFlight = metrics.find(IN_FLIGHT).tag("producer", id).gauge();
      if (inFlight != null) {
        metrics.remove(inFlight);
      }
      LiveProducer.Route route = removed.route();
      if (route != null) {
        drain(camel, route);
      }
    }
  }

  private void follow(CamelContext context, Producer producer) {
    LiveProducer entry = live.get(producer.id());
    if (entry == null) {
      entry = new LiveProducer(producer);
      measure(producer.id(), entry);
    } else {
      entry.limit(producer.limits());
    }
    LiveProducer.Route old = entry.route();
    if (old == null || !old.serves(producer)) {
      entry.take(startRoute(context, producer, ++lastVersion));
      LOG.atInfo()
          .addKeyValue("event", "producer.route-started")
          .addKeyValue("producer", producer.id())
          .log("producer's route takes calls");
      if (old != null) {
        drain(context, old);
      }
    }
    live.put(producer.id(), entry);
  }

  private LiveProducer.Route startRoute(CamelContext context, Producer producer, int version) {
    String name = producer.id() + "-" + version;
    context.getRegistry().bind("pool-" + name, pool(producer));
    String routeId =
        TemplatedRouteBuilder.builder(context, TEMPLATE)
            .routeId("ask-" + name)
            .prefixId(name + "-")
            .parameter("producer", producer.id())
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

  /** Lets calls in flight end, then stops the route. Does not wait for that. */
  private void drain(CamelContext context, LiveProducer.Route old) {
    long seconds = old.settings().timeouts().call().toSeconds() + 1;
    Thread.ofVirtual()
        .name("drain-" + old.id())
        .start(() -> {
          try {
            context.getRouteController().stopRoute(old.id(), seconds, TimeUnit.SECONDS);
            // Camel's list of routes does not bear that one is added at the same time.
            synchronized (this) {
              context.removeRoute(old.id());
              context.getRegistry().unbind(old.pool());
            }
          } catch (Exception e) { // what Camel's interface declares
            LOG.atError()
                .addKeyValue("event", "producer.route-not-stopped")
                .addKeyValue("route", old.id())
                .addKeyValue("error", e.getClass().getName())
                .log("replaced route could not be stopped; it takes no calls");
          }
        });
  }

  private void measure(String producer, LiveProducer entry) {
    Gauge.builder(IN_FLIGHT, entry, e -> e.permits().held())
        .description("Calls to the producer that have not ended")
        .tag("producer", producer)
        .register(metrics);
  }
}
