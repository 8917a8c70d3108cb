package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static se.samflode.endtoend.DirectCalls.READ_ALL;
import static se.samflode.endtoend.RawProducer.answer;
import static se.samflode.endtoend.RawProducer.item;
import static se.samflode.endtoend.RawProducer.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.samflode.producer.ProducerCalls;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/** A producer is called no more than it takes, than it asks for, and than it has declared. */
class ProducerLimitsIT {

  private static final AtomicInteger PRODUCERS = new AtomicInteger();
  private static final HttpHandler GOOD = answer("");
  private static final String WIDE = "limits: { callsInFlight: 50, callsPerSecond: 200 }";

  private final HttpCaller caller = new HttpCaller();
  private final CountDownLatch end = new CountDownLatch(1);
  private final RawProducer producer = new RawProducer();
  private final Registry registry = new Registry();

  /** Of this test alone, since what a producer has asked for outlives its entry. */
  private final String id = "full-" + PRODUCERS.incrementAndGet();

  private final String unit = "SE5565594230-" + id.toUpperCase(Locale.ROOT) + "U";
  private final DirectCalls calls = new DirectCalls(id);

  @AfterEach
  void remove() {
    registry.close();
    end.countDown();
    try {
      calls.close();
    } finally {
      producer.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void whoAsksForTimeIsNotCalledUntilThen(int status) {
    // given
    register(WIDE);
    producer.answers(retryAfter(status, "2"));

    // when
    String asking = calls.one();
    List<String> until = calls.inTurn(3);
    producer.answers(GOOD);
    boolean near = isNearLimits();

    // then
    assertThat(asking).isEqualTo("http-error");
    assertThat(until).containsOnly("limited");
    assertThat(near).isTrue();
    await().until(() -> calls.one().equals("live"));
    assertThat(producer.received()).hasSize(1);
    assertThat(isNearLimits()).isFalse();
  }

  @Test
  void aDateIsATimeToo() {
    // given
    register(WIDE);
    String date =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .format(Instant.now().plusSeconds(3600).atOffset(ZoneOffset.UTC));
    producer.answers(retryAfter(503, date));

    // then
    assertThat(calls.inTurn(3)).containsExactly("http-error", "limited", "limited");
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-5", "0", ""})
  void whatIsNoTimeIsIgnored(String value) {
    // given
    register(WIDE);
    producer.answers(retryAfter(503, value));

    // then
    assertThat(calls.inTurn(3)).containsOnly("http-error");
  }

  @Test
  void anotherStatusAsksForNothing() {
    // given
    register(WIDE);
    producer.answers(retryAfter(500, "60"));

    // then
    assertThat(calls.inTurn(3)).containsOnly("http-error");
  }

  @Test
  void whoHasDeclaredMaintenanceIsNotCalledWithin() {
    // given
    Instant now = Instant.now();
    producer.answers(GOOD);

    // when
    register(
        "maintenance: { once: [{ from: %s, to: %s }] }"
            .formatted(now.minusSeconds(60), now.plusSeconds(600)));
    List<String> within = calls.inTurn(3);
    boolean near = isNearLimits();
    register(
        "maintenance: { once: [{ from: %s, to: %s }] }"
            .formatted(now.minusSeconds(60), now.minusSeconds(1)));
    List<String> after = calls.inTurn(3);

    // then
    assertThat(within).containsOnly("maintenance");
    assertThat(near).isTrue();
    assertThat(after).containsOnly("live");
    assertThat(producer.received()).hasSize(3);
  }

  @Test
  void unitsOfOneQuestionTakeTurns() {
    // given
    String resident = Residents.withoutBookings(7);
    List<String> units = IntStream.range(0, 4).mapToObj(n -> unit + n).toList();
    IndexUpdates index = new IndexUpdates(caller);
    register("limits: { callsInFlight: 2, callsPerSecond: 200 }");
    units.forEach(address -> index.add(resident, address));
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    HttpHandler good = answer(item("T1", "20270201090000", resident, ""));
    producer.answers(exchange -> {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      await().pollDelay(Duration.ofMillis(50)).until(() -> true);
      inside.decrementAndGet();
      good.handle(exchange);
    });

    // when
    JsonNode answer = caller.bookings(resident, "", "Prefer", "wait=10");

    // then
    units.forEach(address -> index.delete(resident, address));
    assertThat(units)
        .allSatisfy(address ->
            assertThat(HttpCaller.source(answer, address).path("outcome").asString())
                .isEqualTo("LIVE"));
    assertThat(most.get()).isLessThanOrEqualTo(2);
    assertThat(producer.received()).hasSize(4);
  }

  @Test
  void aFloodIsLimitedAndNoQueueGrows() {
    // given
    register("limits: { callsInFlight: 2, callsPerSecond: 200 }");
    producer.answers(this::hang);

    // when
    List<Future<String>> flood = Stream.generate(() -> calls.begin(READ_ALL)).limit(100).toList();
    await().until(() -> flood.stream().filter(Future::isDone).count() == 98);
    double inFlight = caller.inFlight(id);
    int sent = producer.received().size();
    boolean near = isNearLimits();
    end.countDown();

    // then
    List<String> told = flood.stream().map(DirectCalls::get).toList();
    assertThat(told.stream().filter("limited"::equals)).hasSize(98);
    assertThat(inFlight).isEqualTo(2);
    assertThat(sent).isEqualTo(2);
    assertThat(near).isTrue();
  }

  @Test
  void isNearItsLimitsWhenHalfOfTheCallsOfASecondAreUsed() {
    // given
    register("limits: { callsInFlight: 50, callsPerSecond: 5 }");
    producer.answers(GOOD);
    boolean before = isNearLimits();

    // when
    await()
        .until(() -> {
          calls.inTurn(5);
          return isNearLimits();
        });

    // then
    assertThat(before).isFalse();
    await().until(() -> !isNearLimits());
  }

  private static HttpHandler retryAfter(int status, String value) {
    HttpHandler handler = status(status, "text/plain", new byte[1]);
    return exchange -> {
      exchange.getResponseHeaders().add("Retry-After", value);
      handler.handle(exchange);
    };
  }

  private void hang(HttpExchange exchange) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isNearLimits() {
    return RunningSystem.get()
        .application()
        .getBean(ProducerCalls.class)
        .isNearLimits(calls.producer());
  }

  private void register(String line) {
    String key = line.replaceFirst(":.*", "");
    String entry =
        Registry.producer(
            id,
            producer.url(),
            String.join(", ", IntStream.range(0, 4).mapToObj(n -> unit + n).toList()),
            "{ connect: 500ms, call: 10s }",
            "GetSubjectOfCareSchedule 1");
    registry.write(
        registry.original()
            + entry.replaceFirst("(?m)^ {4}" + key + ": .*\\n", "")
            + "    "
            + line
            + "\n");
  }
}
