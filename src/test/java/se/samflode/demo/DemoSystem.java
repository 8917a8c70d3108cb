package se.samflode.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.MapPropertySource;
import se.samflode.SamflodeApplication;
import se.samflode.mockregions.IndexFiller;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.Resident;

/**
 * The whole system on one machine: a real PostgreSQL, the mock regions, and the application, whose
 * index the regions have filled over SOAP. What the demo shows and what end to end tests drive.
 */
public final class DemoSystem implements AutoCloseable {

  /** Our own HSA-id in the demo: the address of Updates. */
  public static final String INDEX = "SE5565594230-INDEX";

  private final MockRegions regions;
  private final DemoIssuer issuer;
  private final EmbeddedPostgres postgres;
  private final Path registry;
  private final ConfigurableApplicationContext application;

  /**
   * What is started.
   *
   * @param seed of the regions' data
   * @param startDay the day that the data's times are relative to
   * @param fixedPorts true for the ports that the README names, false for free ones
   */
  public record Settings(long seed, LocalDate startDay, boolean fixedPorts) {}

  private DemoSystem(Settings settings, Map<String, Object> more, @Nullable Clock clock)
      throws IOException {
    // Spring sets up logging later; until then only what is wrong is told.
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    regions =
        MockRegions.start(
            new MockRegions.Settings(settings.seed(), settings.startDay(), settings.fixedPorts()));
    issuer = new DemoIssuer();
    postgres = durablePostgres();
    registry = settings.fixedPorts() ? MockRegions.FOLDER.resolve("producers.yaml") : copy();
    application = run(settings, more, clock);
  }

  /** Durable as in production, so that what the demo and the benchmark show is what one gets. */
  static EmbeddedPostgres durablePostgres() throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .start();
  }

  /**
   * Starts everything and fills the index.
   *
   * @param more settings of the application, over those of the demo
   */
  public static DemoSystem start(Settings settings, Map<String, Object> more) {
    return start(settings, more, null);
  }

  /**
   * Starts everything and fills the index.
   *
   * @param more settings of the application, over those of the demo
   * @param clock the application's; {@code null} for the system's
   */
  public static DemoSystem start(
      Settings settings, Map<String, Object> more, @Nullable Clock clock) {
    try {
      DemoSystem system = new DemoSystem(settings, more, clock);
      new IndexFiller("http://localhost:" + system.port(), INDEX)
          .fill(system.regions.engagements());
      return system;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path copy() throws IOException {
    Path file = Files.createTempFile("producers", ".yaml");
    Files.writeString(
        file,
        regions
            .producersYaml()
            // One test's faults must not open the circuit for the next.
            .replaceAll("(?m)^    limits: .*$", "$0\n    breaker: { calls: 1000 }"));
    file.toFile().deleteOnExit();
    return file;
  }

  private ConfigurableApplicationContext run(
      Settings settings, Map<String, Object> more, @Nullable Clock clock) {
    Map<String, Object> properties = new HashMap<>(issuer.properties());
    properties.put("spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres"));
    properties.put("spring.datasource.username", "postgres");
    properties.put("samflode.producers.registry", "file:" + registry);
    properties.put("samflode.index.hsa-id", INDEX);
    properties.put("samflode.index.require-durability", "true");
    if (!settings.fixedPorts()) {
      properties.put("server.port", "0");
      properties.put("management.server.port", "0");
    }
    properties.putAll(more);

    SpringApplication application =
        new SpringApplication(SamflodeApplication.class, DemoTokens.class);
    application.setAdditionalProfiles("demo");
    application.setBannerMode(Banner.Mode.OFF);
    application.addInitializers(context -> {
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("demo", properties));
      GenericApplicationContext beans = (GenericApplicationContext) context;
      beans.registerBean(DemoIssuer.class, () -> issuer);
      registerResidents(beans);
      if (clock != null) {
        beans.registerBean("steeredClock", Clock.class, () -> clock, b -> b.setPrimary(true));
      }
    });
    // Logging is set up before the settings above are there. Other tests leave other levels.
    Map<String, Object> logging = new HashMap<>(more);
    logging.keySet().removeIf(name -> !name.startsWith("logging."));
    logging.putIfAbsent("logging.level.root", "INFO");
    return application.run(
        logging.entrySet().stream()
            .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
            .toArray(String[]::new));
  }

  private void registerResidents(GenericApplicationContext beans) {
    List<DemoResident> residents = new ArrayList<>();
    for (Resident resident : regions.residents()) {
      if (resident.kind() != Resident.Kind.RESERVE) {
        residents.add(new DemoResident(resident.id(), resident.shows()));
      }
    }
    Supplier<List<DemoResident>> all = () -> residents;
    RootBeanDefinition definition = new RootBeanDefinition();
    definition.setTargetType(
        ResolvableType.forClassWithGenerics(
            Supplier.class, ResolvableType.forClassWithGenerics(List.class, DemoResident.class)));
    definition.setInstanceSupplier(() -> all);
    beans.registerBeanDefinition("demoResidents", definition);
  }

  /** The port of the application. */
  public int port() {
    return port("local.server.port");
  }

  /** The port of management. */
  public int managementPort() {
    return port("local.management.port");
  }

  private int port(String property) {
    return application.getEnvironment().getRequiredProperty(property, Integer.class);
  }

  /** The mock regions. */
  public MockRegions regions() {
    return regions;
  }

  /** Makes tokens that the application takes. */
  public DemoIssuer issuer() {
    return issuer;
  }

  /** The registry file in force; a test may rewrite it. */
  public Path registry() {
    return registry;
  }

  /** The application's beans. */
  public ApplicationContext application() {
    return application;
  }

  /** Stops the application as a signal would: gracefully. Returns when it has stopped. */
  public void stopApplication() {
    application.close();
  }

  /** Stops the database for good. */
  public void stopDatabase() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stopApplication();
    try {
      stopDatabase();
    } finally {
      regions.close();
    }
  }
}
