package se.samflode.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.Fault;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.Resident;
import se.samflode.mockregions.Resident.Kind;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/** The registry file changes while the application runs. */
class RegistryIT {

  private static final String REGION = "orebro";
  private static final String PRODUCER = "orebro-tidbok";

  private final MockRegions regions = RunningSystem.get().regions();
  private final HttpCaller caller = new HttpCaller();
  private final Registry registry = new Registry();

  /** Residents with bookings in the region and in another one that answers. */
  private final List<String> residents =
      regions.residents().stream()
          .filter(resident -> resident.kind() == Kind.PERSONNUMMER)
          .map(Resident::id)
          .filter(id -> {
            var where = Residents.regions(Residents.bookings(id));
            return where.contains(REGION)
                && where.size() > 1
                && Residents.HEALTHY.containsAll(where)
                && addressesInTheRegion(id) == 1;
          })
          .limit(3)
          .toList();

  @AfterEach
  void restore() {
    regions.restore(REGION);
    registry.close();
    await().until(() -> caller.inFlight(PRODUCER) == 0);
  }

  @Test
  void onePermitLimitsTheSecondQuestionAtOnceAndNoOtherProducer() throws Exception {
    // given
    String hanging = residents.get(0);
    String limited = residents.get(1);
    regions.setBehaviour(REGION, new Behaviour(0, Fault.TIMEOUT));
    registry.write(changed("limits", "{ callsInFlight: 1, callsPerSecond: 200 }", "3s"));

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<JsonNode> first =
          threads.submit(() -> caller.bookings(hanging, "", "Prefer", "wait=10"));
      await().until(() -> caller.inFlight(PRODUCER) == 1);

      // when
      JsonNode second = caller.bookings(limited, "", "Prefer", "wait=10");

      // then
      assertThat(first.isDone()).isFalse();
      assertThat(reasonsOf(second)).containsOnly("limited");
      assertOthersAnswered(second);
      assertThat(reasonsOf(first.get(60, SECONDS))).contains("timeout").doesNotContain("");
    }
    regions.restore(REGION);
    registry.write(registry.original());
    assertComplete(limited);
  }

  @Test
  void aLimitThatShrinksLeavesCallsInFlightAloneAndOneThatGrowsHoldsAtOnce() throws Exception {
    // given
    regions.setBehaviour(REGION, new Behaviour(3000, null));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<JsonNode>> inFlight = new ArrayList<>();
      for (String resident : residents.subList(0, 2)) {
        inFlight.add(threads.submit(() -> caller.bookings(resident, "", "Prefer", "wait=15")));
      }
      await().until(() -> caller.inFlight(PRODUCER) >= 2);

      // when
      registry.write(changed("limits", "{ callsInFlight: 1, callsPerSecond: 200 }", "15s"));
      JsonNode refused = caller.bookings(residents.get(2), "", "Prefer", "wait=15");
      registry.write(registry.original());
      regions.restore(REGION);
      JsonNode admitted = caller.bookings(residents.get(2), "", "Prefer", "wait=15");

      // then
      assertThat(reasonsOf(refused)).containsOnly("limited");
      assertThat(admitted.path("complete").asBoolean()).isTrue();
      for (Future<JsonNode> one : inFlight) {
        assertThat(one.get(60, SECONDS).path("complete").asBoolean()).isTrue();
      }
    }
  }

  @Test
  void aRateOfOneLetsOneCallASecondThroughAndIsNoticedWithoutARestart() {
    // given
    registry.put(changed("limits", "{ callsInFlight: 50, callsPerSecond: 1 }", "15s"));

    // when
    List<JsonNode> answers = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> {
          JsonNode answer = caller.bookings(residents.getFirst(), "", "Prefer", "wait=10");
          answers.add(answer);
          return reasonsOf(answer).contains("limited");
        });

    // then
    assertOthersAnswered(answers.getLast());
    registry.write(registry.original());
    await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertComplete(residents.getFirst()));
  }

  @Test
  void aShorterCallTimeoutHoldsForTheNextCall() {
    // given
    regions.setBehaviour(REGION, new Behaviour(0, Fault.TIMEOUT));
    registry.write(
        Registry.with(
            registry.original(), PRODUCER, "timeouts", "{ connect: 300ms, call: 500ms }"));
    long begun = System.nanoTime();

    // when
    JsonNode answer = caller.bookings(residents.getFirst(), "", "Prefer", "wait=15");

    // then
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    assertThat(reasonsOf(answer)).containsOnly("timeout");
    assertOthersAnswered(answer);
    assertThat(caller.inFlight(PRODUCER)).isZero();
  }

  @Test
  void replacingRoutesLosesNoCall() throws Exception {
    // given
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch asking = new CountDownLatch(40);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<JsonNode>>> callers =
          IntStream.range(0, 20)
              .mapToObj(i ->
                  threads.submit(() -> {
                    List<JsonNode> bad = new ArrayList<>();
                    while (!stop.get()) {
                      JsonNode answer =
                          caller.bookings(residents.get(i % 3), "", "Prefer", "wait=15");
                      asking.countDown();
                      if (!answer.path("complete").asBoolean()) {
                        bad.add(answer.path("sources"));
                      }
                    }
                    return bad;
                  }))
              .toList();
      try {
        assertThat(asking.await(60, SECONDS)).isTrue();

        // when
        for (String text :
            List.of(
                Registry.with(
                    registry.original(), PRODUCER, "timeouts", "{ connect: 1s, call: 15s }"),
                registry.original().replace("localhost", "127.0.0.1"),
                Registry.with(registry.original(), PRODUCER, "breaker", "{ calls: 500 }"),
                registry.original(),
                Registry.with(
                    registry.original(), PRODUCER, "timeouts", "{ connect: 3s, call: 15s }"))) {
          registry.write(text);
          assertComplete(residents.getFirst());
        }
      } finally {
        stop.set(true);
      }

      // then
      for (Future<List<JsonNode>> one : callers) {
        assertThat(one.get(60, SECONDS)).isEmpty();
      }
    }
  }

  @Test
  void aProducerThatComesBackIsMeasuredAgain() throws Exception {
    // given
    registry.write(registry.original().replace("- id: " + PRODUCER, "- id: orebro-new"));
    assertComplete(residents.getFirst());
    registry.write(registry.original());
    regions.setBehaviour(REGION, new Behaviour(2000, null));

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // when
      Future<JsonNode> question =
          threads.submit(() -> caller.bookings(residents.getFirst(), "", "Prefer", "wait=10"));

      // then
      await().until(() -> caller.inFlight(PRODUCER) > 0);
      assertThat(question.get(60, SECONDS).path("complete").asBoolean()).isTrue();
      await().until(() -> caller.inFlight(PRODUCER) == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "producers: []",
        "{}",
        "producers: [",
        "producers:\n  - id: one\n",
        "bananas: 1",
        "\u0000"
      })
  void aFileThatCannotBeUsedLeavesEverythingAsItWas(String broken) {
    // when
    registry.write(broken);

    // then
    assertComplete(residents.getFirst());
    registry.write(registry.original());
    assertComplete(residents.getFirst());
  }

  private static long addressesInTheRegion(String resident) {
    return Residents.bookings(resident).stream()
        .filter(fact -> fact.region().equals(REGION))
        .map(BookingFact::careUnit)
        .distinct()
        .count();
  }

  private String changed(String key, String value, String call) {
    return Registry.with(
        Registry.with(registry.original(), PRODUCER, key, value),
        PRODUCER,
        "timeouts",
        "{ connect: 2s, call: " + call + " }");
  }

  private void assertComplete(String resident) {
    JsonNode answer = caller.bookings(resident, "", "Prefer", "wait=10");
    assertThat(answer.path("complete").asBoolean()).as(answer.path("sources").toString()).isTrue();
  }

  private static List<String> reasonsOf(JsonNode answer) {
    return answer
        .path("sources")
        .valueStream()
        .filter(source -> source.path("producer").asString().equals(PRODUCER))
        .map(source -> source.path("reason").asString(""))
        .toList();
  }

  private static void assertOthersAnswered(JsonNode answer) {
    assertThat(answer.path("complete").asBoolean()).isFalse();
    assertThat(answer.path("sources").valueStream())
        .filteredOn(source -> !source.path("producer").asString().equals(PRODUCER))
        .isNotEmpty()
        .allSatisfy(source -> assertThat(source.path("outcome").asString()).isEqualTo("LIVE"));
  }
}
