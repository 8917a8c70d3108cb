package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static se.samflode.endtoend.DirectCalls.READ_ALL;
import static se.samflode.endtoend.RawProducer.answer;
import static se.samflode.endtoend.RawProducer.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;
import se.samflode.producer.AnswerConsumer;
import tools.jackson.databind.JsonNode;

/** A producer that fails often, or is slow, is left alone for a while. */
class CircuitBreakerIT {

  private static final AtomicInteger PRODUCERS = new AtomicInteger();
  private static final int CALLS = 4;
  private static final double CLOSED = 0;
  private static final double HALF_OPEN = 1;
  private static final double OPEN = 2;

  private static final HttpHandler GOOD = answer("");
  private static final HttpHandler FAILING = status(502, "text/plain", new byte[1]);

  private final HttpCaller caller = new HttpCaller();
  private final CountDownLatch end = new CountDownLatch(1);
  private final RawProducer producer = new RawProducer();
  private final Registry registry = new Registry();

  /** Of this test alone, since a breaker outlives its producer's entry. */
  private final String id = "ill-" + PRODUCERS.incrementAndGet();

  private final String address = "SE5565594230-" + id.toUpperCase(Locale.ROOT);
  private final DirectCalls calls = new DirectCalls(id);

  @BeforeEach
  void register() {
    producer.answers(GOOD);
    write(producer.url(), "openFor: 5m");
  }

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

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of("http-error", FAILING),
        Arguments.of("http-error", status(404, "text/plain", new byte[1])),
        Arguments.of("http-error", status(500, "text/xml", new byte[1])),
        Arguments.of("refused", (HttpHandler) exchange -> {}));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whoeverFailsTooOftenIsNotCalledAnyMore(String reason, HttpHandler failing) {
    // given
    producer.answers(failing);

    // when
    List<String> failed = calls.inTurn(CALLS);
    List<String> refused = calls.inTurn(3);

    // then
    assertThat(failed).containsOnly(reason);
    assertThat(refused).containsOnly("circuit-open");
    assertThat(producer.received()).hasSize(CALLS);
    assertThat(circuit()).isEqualTo(OPEN);
    assertThat(caller.inFlight(id)).isZero();
  }

  @Test
  void silenceCountsWhenTheDeadlineEndsIt() {
    // given
    producer.answers(this::hang);

    // when
    List<String> failed = Stream.generate(this::begin).limit(CALLS).map(DirectCalls::get).toList();

    // then
    assertThat(failed).containsOnly("timeout");
    assertThat(calls.one()).isEqualTo("circuit-open");
  }

  @Test
  void aPortThatIsClosedCounts() {
    // given
    producer.close();

    // then
    assertThat(calls.inTurn(CALLS)).containsOnly("refused");
    assertThat(calls.one()).isEqualTo("circuit-open");
  }

  @Test
  void slowAnswersCountThoughTheyAreShown() {
    // given
    write(producer.url(), "slowCall: 100ms, openFor: 5m");
    producer.answers(exchange -> {
      await().pollDelay(150, TimeUnit.MILLISECONDS).until(() -> true);
      GOOD.handle(exchange);
    });

    // then
    assertThat(calls.inTurn(CALLS)).containsOnly("live");
    assertThat(calls.one()).isEqualTo("circuit-open");
  }

  @ParameterizedTest
  @EnumSource(names = {"MALFORMED", "WRONG_CONTRACT"})
  void anAnswerThatNobodyCouldReadCounts(Reason reason) {
    // when
    askAndRead(CALLS, failsFor(reason));

    // then
    assertThat(calls.one()).isEqualTo("circuit-open");
  }

  @ParameterizedTest
  @EnumSource(names = {"FAULT", "WRONG_RESIDENT", "TOO_LARGE", "LIMITED"})
  void whatMayLieWithOneQuestionOrWithUsDoesNotCount(Reason reason) {
    // when
    List<String> told = askAndRead(3 * CALLS, failsFor(reason));

    // then
    assertThat(told).containsOnly(reason.code());
    assertThat(circuit()).isEqualTo(CLOSED);
    assertThat(calls.one()).isEqualTo("live");
  }

  @Test
  void aSoapFaultWithHttp500Counts() {
    // given
    producer.answers(status(500, "text/xml", new byte[1]));

    // when
    List<String> told = askAndRead(CALLS, failsFor(Reason.FAULT));

    // then
    assertThat(told).containsOnly("fault");
    assertThat(calls.one()).isEqualTo("circuit-open");
  }

  @Test
  void errorsOfOursNeitherCountNorUseUpTheTrials() {
    // given
    AnswerConsumer broken =
        (body, charset) -> {
          throw new StackOverflowError("of ours");
        };

    // when
    List<String> whileClosed = askAndRead(2 * CALLS, broken);
    double stillClosed = circuit();
    openAndWaitForTrials();
    producer.answers(GOOD);
    List<String> onTrial = askAndRead(2 * CALLS, broken);

    // then
    assertThat(whileClosed).containsOnly("internal");
    assertThat(stillClosed).isEqualTo(CLOSED);
    assertThat(onTrial).containsOnly("internal");
    assertThat(calls.inTurn(3)).containsOnly("live");
    assertThat(circuit()).isEqualTo(CLOSED);
    assertThat(caller.inFlight(id)).isZero();
  }

  @Test
  void trialsThatSucceedCloseTheCircuit() {
    // given
    openAndWaitForTrials();
    producer.answers(GOOD);

    // when
    List<String> told = calls.inTurn(5);

    // then
    assertThat(told).containsOnly("live");
    assertThat(circuit()).isEqualTo(CLOSED);
  }

  @Test
  void trialsThatFailOpenItAgainAndNoMoreThanTheTrialsAreSent() {
    // given
    openAndWaitForTrials();
    producer.answers(this::hang);

    // when
    List<Future<String>> trials = Stream.generate(this::begin).limit(3).toList();
    await().until(() -> producer.received().size() == 3);
    List<String> others = calls.inTurn(3);
    double inFlight = caller.inFlight(id);
    List<String> ended = trials.stream().map(DirectCalls::get).toList();

    // then
    assertThat(others).containsOnly("circuit-open");
    assertThat(inFlight).isEqualTo(3);
    assertThat(ended).containsOnly("timeout");
    assertThat(producer.received()).hasSize(3);
    assertThat(circuit()).isNotEqualTo(CLOSED);
  }

  @Test
  void theStateOutlivesTheRouteAndOtherSettings() {
    // given
    producer.answers(FAILING);
    calls.inTurn(CALLS);

    // when
    write(producer.url().replace("localhost", "127.0.0.1"), "openFor: 5m");
    String onAnotherRoute = calls.one();
    write(producer.url(), "openFor: 200ms");
    String withOtherSettings = calls.one();
    producer.answers(GOOD);
    await().until(() -> circuit() == HALF_OPEN);
    List<String> later = calls.inTurn(3);

    // then
    assertThat(onAnotherRoute).isEqualTo("circuit-open");
    assertThat(withOtherSettings).isEqualTo("circuit-open");
    assertThat(later).containsOnly("live");
    assertThat(circuit()).isEqualTo(CLOSED);
  }

  @Test
  void whoeverLeavesTheRegistryHasNoFiguresUntilItComesBack() {
    // given
    producer.answers(FAILING);
    calls.inTurn(CALLS);

    // when
    registry.close();

    // then
    assertThat(metrics())
        .doesNotContain("samflode_producer_circuit{producer=\"" + id + "\"}")
        .doesNotContain("samflode_producer_in_flight_limit{producer=\"" + id + "\"}")
        .containsPattern("samflode_producer_calls_seconds_count\\{.*producer=\"" + id + "\"");

    // when
    write(producer.url(), "openFor: 5m");

    // then
    assertThat(circuit()).isEqualTo(OPEN);
    assertThat(metrics())
        .contains("samflode_producer_in_flight_limit{producer=\"" + id + "\"} 50.0");
  }

  @Test
  void aQuestionIsToldWhy() {
    // given
    String resident = Residents.withoutBookings(6);
    IndexUpdates index = new IndexUpdates(caller);
    index.add(resident, address);
    producer.answers(FAILING);
    calls.inTurn(CALLS);

    // when
    JsonNode json = caller.bookings(resident, "");
    String soap = Consumers.ask(caller, Consumers.headers(), resident).body();

    // then
    index.delete(resident, address);
    JsonNode source = HttpCaller.source(json, address);
    assertThat(source.path("outcome").asString()).isEqualTo("FAILED");
    assertThat(source.path("reason").asString()).isEqualTo("circuit-open");
    assertThat(soap).contains("circuit-open: ");
  }

  private void openAndWaitForTrials() {
    write(producer.url(), "openFor: 300ms");
    producer.answers(FAILING);
    calls.inTurn(CALLS);
    await().until(() -> circuit() == HALF_OPEN);
  }

  private List<String> askAndRead(int times, AnswerConsumer consumer) {
    return Collections.nCopies(times, consumer).stream()
        .map(one -> DirectCalls.get(calls.begin(one)))
        .toList();
  }

  private static AnswerConsumer failsFor(Reason reason) {
    return (body, charset) -> {
      throw new SourceFailed(reason);
    };
  }

  private Future<String> begin() {
    return calls.begin(READ_ALL);
  }

  private void hang(HttpExchange exchange) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(String url, String breaker) {
    registry.write(
        registry
            .withProducer(id, url, address, "{ connect: 500ms, call: 1s }")
            .replaceFirst(
                "(- id: " + id + "\\n(?: {4}.*\\n)*?) {4}breaker: .*\\n",
                "$1    breaker: { calls: " + CALLS + ", " + breaker + " }\n"));
  }

  private String metrics() {
    return caller.send(caller.management("/actuator/prometheus")).body();
  }

  private double circuit() {
    return caller.metric("samflode_producer_circuit\\{.*producer=\"" + id + "\".*}");
  }
}
