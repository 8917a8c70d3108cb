package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.Resident;
import se.samflode.readmodel.Kind;
import se.samflode.testing.RunningSystem;

/** Regions hang, and more is asked of a node than it has room for. */
class OverloadIT {

  private static final int PLACES = 8;
  private static final int BATCH_PLACES = 4;
  private static final String BATCH = "SE5565594230-BATCH";
  private static final String BATCH_CLIENT = "batch-client";

  /** Within a call's 15 s, and long enough for the node to say that it is unready. */
  private static final int HANG_MILLIS = 13_000;

  private static final String TOO_MUCH =
      "Too many requests at once; ask again after the seconds in Retry-After";

  @TempDir private static Path folder;
  private static DemoSystem system;

  @BeforeAll
  static void start() throws Exception {
    String consumers = Files.readString(Path.of("mock-regions/consumers.yaml"), UTF_8);
    Path file =
        Files.writeString(
            folder.resolve("consumers.yaml"),
            consumers
                + """

                  - hsaId: %s
                    name: A statistics job
                    clientIds: [%s]
                    grants:
                      - contracts: ["*"]
                        addresses: ["*"]
                    batch: true
                """
                    .formatted(BATCH, BATCH_CLIENT));
    system =
        DemoSystem.start(
            new DemoSystem.Settings(RunningSystem.SEED, RunningSystem.START_DAY, false),
            Map.of(
                "samflode.consumers",
                "file:" + file,
                "samflode.api.room.questions",
                String.valueOf(PLACES)));
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @Test
  void refusesAtOnceBatchFirstAndSaysThatItIsUnready() throws Exception {
    // given
    HttpCaller caller = new HttpCaller(system);
    String resident = resident();
    for (String region : system.regions().regions()) {
      system.regions().setBehaviour(region, new Behaviour(HANG_MILLIS, null));
    }

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> inFlight = new ArrayList<>();
      for (int question = 0; question < BATCH_PLACES / 2; question++) {
        inFlight.add(threads.submit(() -> json(caller, batchToken(resident))));
        inFlight.add(threads.submit(() -> soap(caller, BATCH, resident)));
      }
      await().until(() -> taken(caller) == BATCH_PLACES);

      // when
      HttpResponse<String> batchJson = json(caller, batchToken(resident));
      HttpResponse<String> batchSoap = soap(caller, BATCH, resident);
      while (inFlight.size() < PLACES) {
        inFlight.add(threads.submit(() -> json(caller, caller.token(resident))));
      }
      await().until(() -> taken(caller) == PLACES);
      HttpResponse<String> overJson = json(caller, caller.token(resident));
      HttpResponse<String> withoutValidToken = json(caller, "not.a.token");
      HttpResponse<String> overSoap = soap(caller, Consumers.FRONT_END, resident);
      HttpResponse<String> withoutSoap =
          caller.soap(Consumers.PATH, "<no soap", Consumers.headers());
      new IndexUpdates(caller).add(somebodyElse(), "SE5565594230-MEANWHILE");

      // then
      assertThat(inFlight).noneMatch(Future::isDone);
      assertOverloaded(batchJson);
      assertOverloaded(overJson);
      assertOverloaded(withoutValidToken);
      assertFault(batchSoap);
      assertFault(overSoap);
      assertFault(withoutSoap);
      await().atMost(Duration.ofSeconds(8)).until(() -> health(caller, "readiness") == 503);
      assertThat(inFlight).noneMatch(Future::isDone);
      assertThat(health(caller, "liveness")).isEqualTo(200);
      assertThat(refused(caller, false)).isEqualTo(4);
      assertThat(refused(caller, true)).isEqualTo(2);
      for (Future<HttpResponse<String>> question : inFlight) {
        HttpResponse<String> answer = question.get(60, SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).containsAnyOf("\"complete\":true", "DataFromSource");
      }
    }
    await().until(() -> health(caller, "readiness") == 200);
    assertThat(taken(caller)).isZero();
    for (String region : system.regions().regions()) {
      system.regions().restore(region);
    }
    assertThat(json(caller, caller.token(resident)).statusCode()).isEqualTo(200);
    assertThat(json(caller, "not.a.token").statusCode()).isEqualTo(401);
  }

  private static void assertOverloaded(HttpResponse<String> answer) {
    HttpCaller.assertProblem(answer, 503, "overloaded", null);
    assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    assertThat(answer.headers().firstValue("X-Correlation-Id")).isPresent();
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
  }

  private static void assertFault(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/xml");
    assertThat(answer.body()).contains("<faultstring>" + TOO_MUCH + "</faultstring>");
  }

  private static HttpResponse<String> json(HttpCaller caller, String token) {
    return caller.send(
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + system.port() + "/api/v1/" + Kind.BOOKINGS.path()))
            .timeout(Duration.ofSeconds(40))
            .header("Authorization", "Bearer " + token)
            .header("Prefer", "wait=20"));
  }

  private static HttpResponse<String> soap(HttpCaller caller, String consumer, String resident) {
    return Consumers.ask(caller, Consumers.headers(Consumers.FRONT_END, consumer), resident);
  }

  private static String batchToken(String resident) {
    Map<String, Object> claims =
        new HashMap<>(system.issuer().claims(resident, InstantSource.system()));
    claims.put("client_id", BATCH_CLIENT);
    return system.issuer().token(claims);
  }

  /** Whose regions answer all that they are asked. */
  private static String somebodyElse() {
    return system.regions().residents().stream()
        .filter(r -> r.shows().equals("no bookings"))
        .map(Resident::id)
        .findFirst()
        .orElseThrow();
  }

  private static String resident() {
    return system.regions().residents().stream()
        .filter(one -> one.shows().contains("in three regions that all answer"))
        .map(Resident::id)
        .findFirst()
        .orElseThrow();
  }

  private static double taken(HttpCaller caller) {
    return caller.metric("samflode_room_taken\\{.*room=\"questions\".*}");
  }

  private static double refused(HttpCaller caller, boolean batch) {
    return caller.metric(
        "samflode_room_refused_total\\{.*batch=\"" + batch + "\".*room=\"questions\".*}");
  }

  private static int health(HttpCaller caller, String group) {
    return caller
        .send(
            HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:" + system.managementPort() + "/actuator/health/" + group)))
        .statusCode();
  }
}
