package se.samflode.exchange;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import se.samflode.access.Sender;
import se.samflode.access.Senders;

/**
 * Looks at the broker every few seconds, makes each Kafka route when its topics are there, and
 * takes away those of senders that are no longer listed. Thread-safe.
 */
@Component
@WithKafka
class KafkaRoutes implements SmartLifecycle {

  /** The route that publishes changes, and its template. */
  static final String PUBLISH = "publish-engagement-changes";

  /** Where changes are published. */
  static final String CHANGES = "engagement-changes.v1";

  /** Routes of each sender, by template: what comes before the sender's id in its topics. */
  private static final Map<String, List<String>> PER_SENDER =
      Map.of(
          StoreUpdates.ROUTE,
          List.of(StoreUpdates.TOPIC, "engagement-receipts.v1."),
          "lab-results",
          List.of("lab-results.v1.", "lab-receipts.v1."));

  private static final Logger LOG = LoggerFactory.getLogger(KafkaRoutes.class);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  private final CamelContext camel;
  private final Senders senders;
  private final KafkaClients clients;
  private final KafkaState state;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean begun;
  private volatile boolean publishes;
  private final Map<String, String> senderByRoute = new TreeMap<>();

  KafkaRoutes(CamelContext camel, Senders senders, KafkaClients clients, KafkaState state) {
    this.camel = camel;
    this.senders = senders;
    this.clients = clients;
    this.state = state;
  }

  /** Whether changes can be given to the route that publishes them. */
  boolean publishes() {
    return publishes;
  }

  /** Begins when Camel has started. */
  @EventListener(ApplicationReadyEvent.class)
  synchronized void begin() {
    if (isRunning() && !begun) {
      begun = true;
      Thread.ofVirtual().name("kafka-routes").start(this::run);
    }
  }

  private void run() {
    try (Admin admin = clients.admin()) {
      do {
        guardedLook(admin);
      } while (!stopping.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // Nobody interrupts us but to end the process.
      Thread.currentThread().interrupt();
    }
  }

  private void guardedLook(Admin admin) throws InterruptedException {
    try {
      follow(admin.listTopics().names().get(LONGEST_LOOK.toSeconds(), TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      state.unreachable();
    } catch (RuntimeException e) {
      // A bug of ours may not end it for good.
      LOG.atError()
          .addKeyValue("event", "kafka.look-broken")
          .addKeyValue("error", e.getClass().getName())
          .log("looking at the broker ended in an error of ours; it is looked at again");
    }
  }

  private synchronized void follow(Set<String> topics) {
    Set<String> missing = new TreeSet<>();
    if (!topics.contains(CHANGES)) {
      missing.add(CHANGES); // also where it has been there
    }
    publishes = publishes || start(PUBLISH, PUBLISH, Map.of(), List.of(CHANGES), topics, missing);
    Map<String, String> wanted = new TreeMap<>();
    for (Sender sender : senders.all()) {
      if (sender.kafka()) {
        PER_SENDER.keySet().forEach(t -> wanted.put(t + "-" + sender.id(), sender.id()));
      }
    }
    for (String gone : List.copyOf(senderByRoute.keySet())) {
      if (!wanted.containsKey(gone)) {
        stop(gone);
      }
    }
    wanted.forEach((route, sender) -> {
      if (!senderByRoute.containsKey(route)) {
        String template = route.substring(0, route.length() - sender.length() - 1);
        List<String> needed =
            PER_SENDER.getOrDefault(template, List.of()).stream().map(t -> t + sender).toList();
        if (start(template, route, Map.of("sender", sender), needed, topics, missing)) {
          senderByRoute.put(route, sender);
        }
      }
    });
    state.reachable(missing);
  }

  /** Makes a route if its topics are there; whether it runs now. */
  private boolean start(
      String template,
      String route,
      Map<String, Object> parameters,
      List<String> needed,
      Set<String> topics,
      Set<String> missing) {
    Set<String> without = new TreeSet<>(needed);
    without.removeAll(topics);
    if (template.equals(PUBLISH) || without.size() < needed.size()) {
      // A sender that has none of them sends something else, or not yet.
      missing.addAll(without);
    }
    if (!without.isEmpty() || stopping.getCount() == 0) {
      return false;
    }
    try {
      TemplatedRouteBuilder.builder(camel, template)
          .routeId(route)
          .prefixId(route + "-")
          .parameters(parameters)
          .add();
    } catch (RuntimeException e) {
      // The others must not wait for this one.
      LOG.atError()
          .addKeyValue("event", "kafka.route-not-started")
          .addKeyValue("route", route)
          .addKeyValue("error", e.getClass().getName())
          .log("a route to or from Kafka did not start; it is tried again");
      remove(route);
      return false;
    }
    LOG.atInfo()
        .addKeyValue("event", "kafka.route-started")
        .addKeyValue("route", route)
        .log("a route to or from Kafka has started");
    return true;
  }

  private void stop(String route) {
    remove(route);
    senderByRoute.remove(route);
    state.goesOn(route);
    LOG.atInfo()
        .addKeyValue("event", "kafka.route-stopped")
        .addKeyValue("route", route)
        .log("a sender is no longer listed; its route has stopped");
  }

  private void remove(String route) {
    try {
      camel.getRouteController().stopRoute(route);
      camel.removeRoute(route);
    } catch (Exception e) { // what Camel's interface declares
      LOG.atWarn()
          .addKeyValue("event", "kafka.route-not-stopped")
          .addKeyValue("route", route)
          .addKeyValue("error", e.getClass().getName())
          .log("a route did not stop as it should");
    }
  }

  /** Else Camel would be started with us, before it has its routes. */
  @Override
  public boolean isAutoStartup() {
    return false;
  }

  @Override
  public void start() {
    // See begin.
  }

  /** Makes no more routes; Camel stops those that there are. */
  @Override
  public void stop() {
    stopping.countDown();
  }

  @Override
  public boolean isRunning() {
    return stopping.getCount() > 0;
  }
}
