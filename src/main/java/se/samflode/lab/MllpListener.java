package se.samflode.lab;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import se.samflode.access.Senders;
import se.samflode.config.CannotStart;

/**
 * Starts the route that takes HL7 v2, where {@code samflode.lab.mllp.port} is set, and ends it
 * before Camel does, since Camel would cut connections whose messages have no answer yet.
 */
@Component
class MllpListener implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(MllpListener.class);
  private static final String ROUTE = "lab-results-mllp";

  /** Longer than a message can wait for the database; within the stop of the application. */
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final MllpSettings settings;
  private final @Nullable MllpChannels channels;
  private volatile @Nullable ExecutorService workers;

  MllpListener(
      MllpSettings settings,
      LabSettings lab,
      SslBundles bundles,
      Senders senders,
      MeterRegistry metrics) {
    this.settings = settings;
    this.channels =
        settings.port() == null
            ? null
            : new MllpChannels(
                tls(settings, bundles, senders),
                settings,
                Math.toIntExact(lab.largestMessage().toBytes()),
                metrics);
  }

  private static @Nullable SSLContext tls(
      MllpSettings settings, SslBundles bundles, Senders senders) {
    String bundle = settings.sslBundle();
    String plain = settings.plainSender();
    if ((bundle == null) == (plain == null)) {
      throw new CannotStart(
          "samflode.lab.mllp.port is set, and it is not clear how senders are known.",
          "Set samflode.lab.mllp.ssl-bundle; or, on a loopback address only,"
              + " samflode.lab.mllp.plain-sender.");
    }
    return bundle == null ? plain(settings, plain, senders) : tls(bundle, bundles);
  }

  private static @Nullable SSLContext plain(
      MllpSettings settings, @Nullable String sender, Senders senders) {
    if (!isLoopback(settings.address())) {
      throw new CannotStart(
          "samflode.lab.mllp.plain-sender would take results without TLS from the network.",
          "Set samflode.lab.mllp.address to 127.0.0.1, or use samflode.lab.mllp.ssl-bundle.");
    }
    if (sender == null || senders.byId(sender).isEmpty()) {
      throw new CannotStart(
          "samflode.lab.mllp.plain-sender names nobody who is listed in samflode.senders.",
          "Give the id of a sender in that file.");
    }
    return null;
  }

  private static SSLContext tls(String name, SslBundles bundles) {
    if (!bundles.getBundleNames().contains(name)) {
      throw new CannotStart(
          "samflode.lab.mllp.ssl-bundle names no SSL bundle.",
          "Describe it under spring.ssl.bundle, see docs/operations.md.");
    }
    SslBundle bundle = bundles.getBundle(name);
    if (bundle.getStores().getTrustStore() == null) {
      // Else Java would let in whoever has a certificate of any public authority.
      throw new CannotStart(
          "The SSL bundle of samflode.lab.mllp.ssl-bundle has no trust store.",
          "Give it one with the authorities whose client certificates are let in.");
    }
    return bundle.createSslContext();
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new CannotStart(
          "samflode.lab.mllp.address is no address of this machine.", "Give an IP address.");
    }
  }

  /**
   * Begins when everything that a message needs is there. Camel is asked for here: a bean with a
   * lifecycle that names it in its constructor has it started before it has read its routes.
   */
  @EventListener
  synchronized void begin(ApplicationReadyEvent ready) {
    Integer port = settings.port();
    if (port == null || channels == null || workers != null) {
      return;
    }
    ExecutorService storing =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("mllp-", 0).factory());
    workers = storing;
    CamelContext camel = ready.getApplicationContext().getBean(CamelContext.class);
    camel.getRegistry().bind("mllpChannels", channels);
    camel.getRegistry().bind("mllpWorkers", storing);
    TemplatedRouteBuilder.builder(camel, ROUTE)
        .routeId(ROUTE)
        .parameter("address", inUri(settings.address()))
        .parameter("port", port)
        .add();
    LOG.atInfo()
        .addKeyValue("event", "lab.listening")
        .addKeyValue("port", port)
        .addKeyValue("tls", settings.sslBundle() != null)
        .log("HL7 v2 is taken");
  }

  /** Of IPv6 in brackets. */
  private static String inUri(String address) {
    return address.contains(":") ? "[" + address + "]" : address;
  }

  @Override
  public void start() {
    // Camel's routes take calls later: see begin.
  }

  @Override
  public synchronized void stop() {
    ExecutorService storing = workers;
    if (channels != null && storing != null) {
      channels.stop(PATIENCE);
      storing.shutdown();
      workers = null;
    }
  }

  @Override
  public boolean isRunning() {
    return workers != null;
  }
}
