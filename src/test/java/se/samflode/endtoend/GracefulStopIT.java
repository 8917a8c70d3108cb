package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.Resident;
import se.samflode.testing.RunningSystem;

class GracefulStopIT {

  private static final int NOBODY = -1;

  private final HttpClient http = HttpClient.newHttpClient();
  private DemoSystem system;

  @BeforeEach
  void start() {
    system =
        DemoSystem.start(
            new DemoSystem.Settings(RunningSystem.SEED, RunningSystem.START_DAY, false), Map.of());
  }

  @AfterEach
  void stop() {
    http.close();
    system.close();
  }

  @Test
  void answersTheQuestionInFlightAndTakesNoNewOnes() throws Exception {
    // given
    URI readiness =
        URI.create("http://localhost:" + system.managementPort() + "/actuator/health/readiness");
    URI bookings = URI.create("http://localhost:" + system.port() + "/api/v1/bookings");
    assertThat(status(readiness)).isEqualTo(200);
    for (String region : system.regions().regions()) {
      system.regions().setBehaviour(region, new Behaviour(1500, null));
    }
    CompletableFuture<HttpResponse<String>> inFlight =
        http.sendAsync(
            HttpRequest.newBuilder(bookings)
                .header("Authorization", "Bearer " + tokenOfSomebodyWithBookings())
                .header("Prefer", "wait=10")
                .build(),
            BodyHandlers.ofString());
    await().until(() -> system.regions().calls().toString().matches(".*=[1-9].*"));

    // when
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(system::stopApplication);

    // then
    await().pollInterval(Duration.ofMillis(20)).until(() -> status(readiness) != 200);
    await().pollInterval(Duration.ofMillis(20)).until(() -> status(bookings) != 401);
    assertThat(inFlight).isNotDone();
    assertThat(status(bookings)).isIn(NOBODY, 503);
    HttpResponse<String> answer = inFlight.get(10, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"complete\":true", "\"start\"");
    assertThat(stopped).succeedsWithin(Duration.ofSeconds(30));
  }

  private String tokenOfSomebodyWithBookings() {
    String resident =
        system.regions().residents().stream()
            .filter(r -> r.kind() != Resident.Kind.RESERVE)
            .map(Resident::id)
            .filter(id -> !system.regions().bookings(id).isEmpty())
            .findFirst()
            .orElseThrow();
    return system.issuer().token(system.issuer().claims(resident, InstantSource.system()));
  }

  /** The status that a new connection gets, {@link #NOBODY} if it gets none. */
  private static int status(URI uri) throws InterruptedException {
    try (HttpClient fresh = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
      return fresh
          .send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(1)).build(),
              BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return NOBODY;
    }
  }
}
