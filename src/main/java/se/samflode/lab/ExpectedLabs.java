package se.samflode.lab;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import se.samflode.access.Sender;
import se.samflode.access.Senders;

/**
 * Counts the messages of each lab that is listed from nought, so that its first one is seen, and so
 * is a lab that has sent nothing since the start. Thread-safe.
 */
@Component
final class ExpectedLabs {

  private static final String MESSAGES = "samflode.lab.messages";
  private static final String SENDER = "sender";

  private final Senders senders;
  private final MllpSettings mllp;
  private final CamelContext camel;
  private final MeterRegistry metrics;

  ExpectedLabs(Senders senders, MllpSettings mllp, CamelContext camel, MeterRegistry metrics) {
    this.senders = senders;
    this.mllp = mllp;
    this.camel = camel;
    this.metrics = metrics;
  }

  /** The counter of a sender's messages by one way, {@code stored} or {@code rejected}. */
  static Counter messages(MeterRegistry metrics, Sender sender, Delivery.Way way, String outcome) {
    return Counter.builder(MESSAGES)
        .description("Messages of labs")
        .tag(SENDER, sender.id())
        .tag("way", way.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome)
        .register(metrics);
  }

  /** Has a counter for everybody who is listed, and for nobody else. */
  @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
  void look() {
    for (Sender sender : senders.all()) {
      for (Delivery.Way way : ways(sender)) {
        List.of("stored", "rejected").forEach(outcome -> messages(metrics, sender, way, outcome));
      }
    }
    metrics.find(MESSAGES).counters().stream()
        .filter(counter -> senders.byId(String.valueOf(counter.getId().getTag(SENDER))).isEmpty())
        .forEach(metrics::remove);
  }

  private Set<Delivery.Way> ways(Sender sender) {
    Set<Delivery.Way> ways = EnumSet.noneOf(Delivery.Way.class);
    if (!sender.clientIds().isEmpty()) {
      ways.add(Delivery.Way.HTTP);
    }
    if (!sender.certificates().isEmpty() || sender.id().equals(mllp.plainSender())) {
      ways.add(Delivery.Way.MLLP);
    }
    // Else it sends updates of the index only.
    if (camel.getRoute("lab-results-" + sender.id()) != null) {
      ways.add(Delivery.Way.KAFKA);
    }
    return ways;
  }
}
