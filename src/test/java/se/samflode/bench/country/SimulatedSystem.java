package se.samflode.bench.country;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import se.samflode.SamflodeApplication;
import se.samflode.contract.SwedishTime;
import se.samflode.demo.DemoIssuer;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.MockRegions;
import se.samflode.testing.ApplicationProcess;

/**
 * The application, its database and the mock regions in this process, at simulated time. Regions
 * answer at once; limits on calls, which know real time only, are so high that they never act.
 */
final class SimulatedSystem implements AutoCloseable {

  private static final String CONTRACT = "GetSubjectOfCareSchedule 1";

  /** What is done every second or so of real time; here, before each event. */
  private static final List<String> SCHEDULED = List.of(".Comparisons.decide", ".Fidelity.share");

  private final MockRegions regions;
  private final DemoIssuer issuer = new DemoIssuer();
  private final EmbeddedPostgres postgres;
  private final SimulatedClock clock;
  private final ConfigurableApplicationContext application;

  /**
   * What the application has seen of a producer, by comparing: a row of the table that all nodes
   * share and that outlives them.
   */
  record Seen(String producer, long same, long told, long late, long untold) {}

  /**
   * Starts everything; the index is empty.
   *
   * @param folder for files that the application reads
   * @param more settings of the application
   */
  SimulatedSystem(Path folder, Instant start, Map<String, Object> more)
      throws IOException, SQLException {
    LocalDate day = LocalDate.ofInstant(start, SwedishTime.ZONE);
    regions = MockRegions.start(new MockRegions.Settings(21, day, false));
    regions.regions().forEach(region -> regions.setBehaviour(region, new Behaviour(0, null)));
    postgres = EmbeddedPostgres.start();
    clock = new SimulatedClock(postgres, start);
    Path registry =
        Files.writeString(
            folder.resolve("producers.yaml"),
            regions
                .producersYaml()
                .replaceAll(
                    "limits: \\{.*\\}",
                    """
                    limits: { callsInFlight: 1000, callsPerSecond: 10000 }
                        breaker: { calls: 1000, window: 1s, openFor: 100ms }\
                    """));
    Map<String, Object> settings =
        new HashMap<>(ApplicationProcess.settings(folder, issuer, postgres, registry));
    settings.put("server.port", "0");
    settings.put("management.server.port", "0");
    settings.put("samflode.producers.ramp", "0s");
    settings.putAll(more);
    SpringApplication spring = new SpringApplication(SamflodeApplication.class);
    spring.setBannerMode(Banner.Mode.OFF);
    spring.addInitializers(context -> {
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("simulation", settings));
      ((GenericApplicationContext) context)
          .registerBean("simulatedClock", Clock.class, () -> clock, bean -> bean.setPrimary(true));
    });
    application =
        spring.run(
            "--spring.config.import=file:src/test/resources/application-demo.yaml",
            "--logging.level.root=WARN",
            "--logging.level.se.samflode=ERROR",
            "--logging.level.se.samflode.bench=INFO");
  }

  MockRegions regions() {
    return regions;
  }

  DemoIssuer issuer() {
    return issuer;
  }

  SimulatedClock clock() {
    return clock;
  }

  URI uri() {
    return URI.create(
        "http://localhost:"
            + application.getEnvironment().getRequiredProperty("local.server.port"));
  }

  /** Lets this have been seen of producers before; the application knows when it returns. */
  void saw(Collection<Seen> seen) {
    for (Seen one : seen) {
      database()
          .sql(
              """
              INSERT INTO fidelity (producer, contract, same, told, late, untold)
              VALUES (:producer, :contract, :same, :told, :late, :untold)\
              """)
          .param("producer", one.producer())
          .param("contract", CONTRACT)
          .param("same", one.same())
          .param("told", one.told())
          .param("late", one.late())
          .param("untold", one.untold())
          .update();
    }
    catchUp();
  }

  /** What has been seen of each producer. */
  List<Seen> seen() {
    catchUp();
    return database()
        .sql("SELECT producer, same, told, late, untold FROM fidelity")
        .query(Seen.class)
        .stream()
        .map(Objects::requireNonNull)
        .toList();
  }

  private JdbcClient database() {
    return JdbcClient.create(postgres.getPostgresDatabase());
  }

  /**
   * Decides about the changes that the index has had its time to tell of, and counts: the
   * schedule's time is the real one, too slow for what happens here.
   */
  void catchUp() {
    application.getBean(ScheduledTaskHolder.class).getScheduledTasks().stream()
        .filter(task -> SCHEDULED.stream().anyMatch(task.toString()::endsWith))
        .forEach(task -> task.getTask().getRunnable().run());
  }

  /** The producers that have proven that they index, by the metrics. */
  Set<String> proven() {
    MeterRegistry metrics = application.getBean(MeterRegistry.class);
    Set<String> proven = new HashSet<>();
    for (Gauge changes : metrics.find("samflode.fidelity.changes").gauges()) {
      Gauge told = metrics.find("samflode.fidelity").tags(changes.getId().getTags()).gauge();
      if (changes.value() >= 20 && told != null && told.value() >= 0.99) {
        proven.add(Objects.requireNonNull(changes.getId().getTag("producer")));
      }
    }
    return proven;
  }

  /** Bytes of the fragments that are kept, and how many they are. */
  String kept() {
    MeterRegistry metrics = application.getBean(MeterRegistry.class);
    return Math.round(metrics.get("samflode.cache.fragments").gauge().value())
        + " fragments, "
        + Math.round(metrics.get("samflode.cache.size").gauge().value() / 1024)
        + " kB";
  }

  @Override
  public void close() {
    application.close();
    try {
      clock.close();
      postgres.close();
    } catch (SQLException e) {
      throw new IllegalStateException("the clock does not stop", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      regions.close();
    }
  }
}
