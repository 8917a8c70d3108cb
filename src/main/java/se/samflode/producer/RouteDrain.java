package se.samflode.producer;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops routes that take no new calls any more, each when its last call has ended. It waits outside
 * of Camel, whose own waiting would keep every other change of routes from happening. Thread-safe.
 */
final class RouteDrain implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RouteDrain.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  /** No call lasts longer: the largest timeout the registry takes, and a second. */
  private static final Duration LONGEST = Producer.Timeouts.LONGEST_CALL.plusSeconds(1);

  private final CamelContext context;
  private final Object additions;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("route-drain").daemon().unstarted(task));

  /**
   * @param additions the lock under which routes are added
   */
  RouteDrain(CamelContext context, Object additions) {
    this.context = context;
    this.additions = additions;
  }

  /** Stops a route as soon as it is idle, at the latest when no call of it can run any more. */
  void drain(LiveProducer.Route old) {
    look(old, System.nanoTime() + LONGEST.toNanos());
  }

  private void look(LiveProducer.Route old, long latest) {
    ScheduledFuture<?> _ =
        looks.schedule(
            () -> {
              if (context.getInflightRepository().size(old.id()) > 0
                  && System.nanoTime() < latest) {
                look(old, latest);
              } else {
                stop(old);
              }
            },
            LOOK_AGAIN.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void stop(LiveProducer.Route old) {
    try {
      context.getRouteController().stopRoute(old.id(), 1, TimeUnit.SECONDS);
      // Camel's list of routes does not bear that one is added at the same time.
      synchronized (additions) {
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
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
