package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import se.samflode.contract.SwedishTime;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Resident;
import se.samflode.producer.AnswerConsumer;
import se.samflode.producer.ProducerCalls;
import se.samflode.producer.Producers;
import se.samflode.testing.RunningSystem;
import se.samflode.testing.SteeredClock;
import tools.jackson.databind.JsonNode;

/** What is served from the cache is fetched again now and then, and compared. */
class SamplesIT {

  private static final String WIDE = "{ callsInFlight: 50, callsPerSecond: 200 }";

  private static final SteeredClock CLOCK = new SteeredClock();
  private static final Queue<String> RESIDENTS = new ArrayDeque<>();
  private static DemoSystem system;
  private static HttpCaller caller;

  private final RawProducer producer = new RawProducer();

  /** Who has bookings at the producer. */
  private final String resident = RESIDENTS.remove();

  /** To come: what has been is not compared. */
  private final String start = SwedishTime.format(CLOCK.instant().plus(Duration.ofDays(30)));

  @BeforeAll
  static void startSystem() {
    system =
        DemoSystem.start(
            new DemoSystem.Settings(RunningSystem.SEED, RunningSystem.START_DAY, false),
            Map.of(
                "samflode.freshness.settling",
                "0s",
                "samflode.freshness.verified",
                "1",
                // Its steps with the clock would make the producer look near its limits.
                "samflode.producers.ramp",
                "0s"),
            CLOCK);
    caller = new HttpCaller(system, CLOCK);
    system.regions().residents().stream()
        .filter(resident -> resident.kind() == Resident.Kind.PERSONNUMMER)
        .filter(resident -> resident.shows().equals("no bookings"))
        .map(Resident::id)
        .forEach(RESIDENTS::add);
  }

  @AfterAll
  static void stopSystem() {
    system.close();
  }

  @AfterEach
  void close() {
    producer.close();
  }

  @Test
  void aChangeThatTheIndexIsNotToldOfIsFoundAndCounts() throws IOException {
    // given: what is kept, and a change that only the producer knows of
    register("sampled", WIDE);
    String ofIt = "\\{.*producer=\"sampled\".*}";
    answers("B1");
    caller.bookings(resident, "");
    answers("B2");

    // when
    JsonNode kept = caller.bookings(resident, "");
    assertThat(producer.received()).isEmpty();
    CLOCK.advance(Duration.ofMinutes(1));

    // then
    await().atMost(Duration.ofSeconds(10)).until(() -> producer.received().size() == 1);
    assertThat(kept.at("/items/0/bookingId").asString()).isEqualTo("B1");
    assertThat(caller.bookings(resident, "").at("/items/0/bookingId").asString()).isEqualTo("B2");

    // when: the index has had its time to tell of it
    CLOCK.advance(Duration.ofMinutes(6));

    // then
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(caller.metric("samflode_fidelity_changes" + ofIt)).isOne());
    assertThat(caller.metric("samflode_fidelity" + ofIt)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "calls-in-flight, '{ callsInFlight: 6, callsPerSecond: 200 }'",
    "calls-per-second, '{ callsInFlight: 50, callsPerSecond: 5 }'"
  })
  void aProducerNearItsLimitsIsSpared(String id, String limits) throws IOException {
    // given
    register(id, limits);
    try (DirectCalls calls = new DirectCalls(system, caller, id)) {
      // when: repeated where the second of the calls was over too soon
      await().until(() -> samplesFallDueNearTheLimits(calls));

      // then
      assertThat(samples()).isZero();
      serveWhatIsKept();
      CLOCK.advance(Duration.ofMinutes(1));
      await().until(() -> samples() > 0);
    }
  }

  /**
   * Has samples taken while three calls are under way: half of a producer's limit, with room for
   * more.
   *
   * @return whether it was near its limits all the time
   */
  private boolean samplesFallDueNearTheLimits(DirectCalls calls) {
    serveWhatIsKept();
    CountDownLatch begun = new CountDownLatch(3);
    CountDownLatch end = new CountDownLatch(1);
    AnswerConsumer holding =
        (body, charset) -> {
          begun.countDown();
          await().until(() -> end.getCount() == 0);
        };
    List<Future<String>> held = Stream.generate(() -> calls.begin(holding)).limit(3).toList();
    await().until(() -> begun.getCount() == 0 || held.stream().anyMatch(Future::isDone));
    // A sample may have been due at once.
    answers("B1");
    boolean before = isNearLimits(calls);
    CLOCK.advance(Duration.ofMinutes(1));
    takeSamples();
    boolean all = before && isNearLimits(calls);
    end.countDown();
    held.forEach(DirectCalls::get);
    await().until(() -> !isNearLimits(calls));
    return all;
  }

  /** What comes of it is a sample, due within a minute. */
  private void serveWhatIsKept() {
    caller.bookings(resident, "");
    answers("B1");
    caller.bookings(resident, "");
  }

  private long samples() {
    return producer.received().stream().filter(call -> call.body().contains(resident)).count();
  }

  /** Does now what is done each second, and returns when it is done. */
  private void takeSamples() {
    system.application().getBean(ScheduledTaskHolder.class).getScheduledTasks().stream()
        .filter(task -> task.toString().endsWith(".Samples.call"))
        .findFirst()
        .orElseThrow()
        .getTask()
        .getRunnable()
        .run();
  }

  private boolean isNearLimits(DirectCalls calls) {
    return system.application().getBean(ProducerCalls.class).isNearLimits(calls.producer());
  }

  /** Enters the producer, and its bookings of the resident. */
  private void register(String id, String limits) throws IOException {
    String unit = "SE5565594230-" + id.toUpperCase(Locale.ROOT);
    Files.writeString(
        system.registry(),
        Registry.producer(id, producer.url(), unit, "{}", "GetSubjectOfCareSchedule 1")
            .replace(WIDE, limits),
        StandardOpenOption.APPEND);
    system.application().getBean(Producers.class).reread();
    new IndexUpdates(caller).add(resident, unit);
    answers("B1");
  }

  /** Forgets what came, and answers so from now on. */
  private void answers(String booking) {
    producer.answers(RawProducer.answer(RawProducer.item(booking, start, resident, "")));
  }
}
