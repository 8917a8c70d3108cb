package se.samflode.bench.country;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
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

  private final MockRegions regions;
  private final DemoIssuer issuer = new DemoIssuer();
  private final EmbeddedPostgres postgres;
  private final SimulatedClock clock;
  private final ConfigurableApplicationContext application;

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

  /**
   * Lets producers have proven that they index their changes; returns when the application knows.
   */
  void prove(Collection<String> producers) {
    JdbcClient database = JdbcClient.create(postgres.getPostgresDatabase());
    for (String producer : producers) {
      database
          .sql(
              """
              INSERT INTO fidelity (producer, contract, same, told, late, untold)
              VALUES (:producer, :contract, 0, 200, 0, 0)\
              """)
          .param("producer", producer)
          .param("contract", CONTRACT)
          .update();
    }
    MeterRegistry metrics = application.getBean(MeterRegistry.class);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> metrics.find("samflode.fidelity.changes").gauges().size() == producers.size());
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
