package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Resident;
import se.samflode.mockregions.Resident.Kind;
import se.samflode.producer.Producers;
import se.samflode.testing.RunningSystem;
import se.samflode.testing.SteeredClock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What is served from what was kept, and what never is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CacheIT {

  private static final String PROVEN = "SE5565594230-RAW1";
  private static final String UNPROVEN = "SE5565594230-RAW2";
  private static final String PER_CONSUMER = "SE5565594230-RAW3";
  private static final String START = "20270201090000";
  private static final String ACTIONS =
      "<c:cancel_booking_allowed>true</c:cancel_booking_allowed>"
          + "<c:rebooking_allowed>false</c:rebooking_allowed>";
  private static final Duration SETTLING = Duration.ofSeconds(30);

  private final SteeredClock clock = new SteeredClock();
  private final RawProducer proven = new RawProducer();
  private final RawProducer unproven = new RawProducer();
  private final RawProducer perConsumer = new RawProducer();
  private DemoSystem system;
  private HttpCaller caller;
  private IndexUpdates index;
  private JdbcClient database;
  private List<String> residents;
  private int next;
  private String resident;

  @BeforeAll
  void start() throws IOException {
    system =
        DemoSystem.start(
            new DemoSystem.Settings(RunningSystem.SEED, RunningSystem.START_DAY, false),
            Map.of(
                "samflode.freshness.settling",
                SETTLING.toSeconds() + "s",
                "samflode.freshness.verified",
                "0"),
            clock);
    caller = new HttpCaller(system, clock);
    index = new IndexUpdates(caller);
    residents =
        system.regions().residents().stream()
            .filter(r -> r.kind() == Kind.PERSONNUMMER && r.shows().equals("no bookings"))
            .map(Resident::id)
            .toList();
    String contract = "GetSubjectOfCareSchedule 1";
    String timeouts = "{ connect: 2s, call: 10s }";
    Files.writeString(
        system.registry(),
        Files.readString(system.registry())
            + Registry.producer("raw-proven", proven.url(), PROVEN, timeouts, contract)
            + Registry.producer("raw-unproven", unproven.url(), UNPROVEN, timeouts, contract)
            + Registry.producer(
                "raw-per-consumer", perConsumer.url(), PER_CONSUMER, timeouts, contract)
            + "    perConsumer: true\n");
    system.application().getBean(Producers.class).reread();
    database = system.application().getBean(JdbcClient.class);
    database
        .sql("INSERT INTO fidelity VALUES ('raw-proven', ?, 0, 100000, 0, 0)")
        .param(contract)
        .update();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(caller.metric("samflode_fidelity\\{.*producer=\"raw-proven\".*}")).isOne());
  }

  @AfterAll
  void stop() {
    system.close();
    proven.close();
    unproven.close();
    perConsumer.close();
  }

  @BeforeEach
  void another() {
    resident = residents.get(next++);
  }

  @AfterEach
  void unlink() {
    database.sql("DELETE FROM identity_link WHERE linked_to = ?").param(resident).update();
  }

  private HttpHandler booking(String id) {
    return RawProducer.answer(RawProducer.item(id, START, resident, ACTIONS));
  }

  /** Content at an address whose last change is older than settling. */
  private void indexed(String address) {
    index.add(resident, address);
    settle(resident);
  }

  /** The age of a change is told by the database's clock, which nobody steers. */
  private void settle(String whose) {
    int settled =
        database
            .sql(
                "UPDATE version SET changed_at = changed_at - make_interval(secs => ?)"
                    + " WHERE resident = ?")
            .params(SETTLING.toSeconds(), whose)
            .update();
    assertThat(settled).isPositive();
  }

  private JsonNode ask(String... headers) {
    return caller.bookings(resident, "", headers);
  }

  private static String outcome(JsonNode answer) {
    return answer.path("sources").get(0).path("outcome").asString();
  }

  private static String reason(JsonNode answer) {
    return answer.path("sources").get(0).path("reason").asString("");
  }

  private static List<String> bookings(JsonNode answer) {
    return answer
        .path("items")
        .valueStream()
        .map(item -> item.path("bookingId").asString())
        .toList();
  }

  private static OffsetDateTime time(JsonNode answer, String property) {
    return OffsetDateTime.parse(answer.path("sources").get(0).path(property).asString());
  }

  @Test
  void aSecondQuestionIsServedFromWhatTheFirstBrought() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    JsonNode first = ask();

    // when
    JsonNode second = ask();

    // then
    assertThat(outcome(first)).isEqualTo("LIVE");
    assertThat(outcome(second)).isEqualTo("CACHED");
    assertThat(second.path("complete").asBoolean()).isTrue();
    assertThat(second.path("items")).isEqualTo(first.path("items"));
    assertThat(time(second, "asOf")).isEqualTo(time(first, "asOf"));
    assertThat(proven.received()).hasSize(1);
  }

  @Test
  void whatMayBeDoneWithABookingIsToldForAMinute() throws Exception {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    Consumers.ask(caller, Consumers.headers(), resident);

    // when
    clock.advance(Duration.ofSeconds(55));
    JsonNode before = ask();
    SoapXml soapBefore = SoapXml.parse(Consumers.ask(caller, Consumers.headers(), resident).body());
    clock.advance(Duration.ofSeconds(10));
    JsonNode after = ask();
    SoapXml soapAfter = SoapXml.parse(Consumers.ask(caller, Consumers.headers(), resident).body());

    // then
    assertThat(outcome(after)).isEqualTo("CACHED");
    assertThat(before.path("items").get(0).path("cancellable").asBoolean()).isTrue();
    assertThat(before.path("items").get(0).path("rebookable").isBoolean()).isTrue();
    assertThat(after.path("items").get(0).path("cancellable").isNull()).isTrue();
    assertThat(after.path("items").get(0).path("rebookable").isNull()).isTrue();
    assertThat(after.path("items").get(0).has("messageable")).isFalse();
    assertThat(soapBefore.texts(SoapXml.CORE, "cancel_booking_allowed")).containsExactly("true");
    assertThat(soapAfter.texts(SoapXml.HEADERS, "statusCode")).containsExactly("DataFromCache");
    assertThat(soapAfter.texts(SoapXml.HEADERS, "isResponseFromCache")).containsExactly("true");
    assertThat(soapAfter.texts(SoapXml.HEADERS, "isResponseInSynch")).containsExactly("true");
    assertThat(soapAfter.texts(SoapXml.CORE, "bookingId")).containsExactly("B1");
    assertThat(soapAfter.texts(SoapXml.CORE, "cancel_booking_allowed")).isEmpty();
    assertThat(soapAfter.texts(SoapXml.CORE, "rebooking_allowed")).isEmpty();
    SoapXml.assertValid(soapAfter.bodyElement(), SoapXml.OWN_SCHEDULE);
    SoapXml.assertValid(soapAfter.first(SoapXml.HEADERS, "ProcessingStatus"), SoapXml.OWN_HEADERS);
  }

  @Test
  void whatMayBeDoneIsNotToldWhenAnotherSourceKeptTheAnswerWaitingPastTheMinute() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    index.add(resident, UNPROVEN);
    unproven.answers(exchange -> {
      clock.advance(Duration.ofSeconds(61));
      booking("B2").handle(exchange);
    });

    // when
    JsonNode answer = ask("Prefer", "wait=10");

    // then
    assertThat(HttpCaller.source(answer, PROVEN).path("outcome").asString()).isEqualTo("CACHED");
    assertThat(item(answer, "B1").path("cancellable").isNull()).isTrue();
    assertThat(item(answer, "B2").path("cancellable").asBoolean()).isTrue();
  }

  @Test
  void whatGrewTooOldWhileTheAnswerWaitedIsFetchedAgain() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    index.add(resident, UNPROVEN);
    unproven.answers(exchange -> {
      clock.advance(Duration.ofHours(13));
      booking("B2").handle(exchange);
    });

    // when
    JsonNode answer = ask("Prefer", "wait=10");

    // then
    assertThat(HttpCaller.source(answer, PROVEN).path("outcome").asString()).isEqualTo("LIVE");
    assertThat(proven.received()).hasSize(2);
    assertThat(item(answer, "B1").isMissingNode()).isFalse();
  }

  @Test
  void whatGrewTooOldBesideASilentSourceStandsIn() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    proven.answers(exchange -> {
      pause(6_000);
      booking("B1").handle(exchange);
    });
    index.add(resident, UNPROVEN);
    unproven.answers(exchange -> {
      clock.advance(Duration.ofHours(13));
      pause(6_000);
      booking("B2").handle(exchange);
    });

    // when
    JsonNode answer = ask();

    // then
    JsonNode source = HttpCaller.source(answer, PROVEN);
    assertThat(source.path("outcome").asString()).isEqualTo("STALE");
    assertThat(source.path("reason").asString()).isEqualTo("timeout");
    assertThat(HttpCaller.source(answer, UNPROVEN).path("outcome").asString()).isEqualTo("FAILED");
    assertThat(bookings(answer)).containsExactly("B1");
    assertThat(answer.path("complete").asBoolean()).isFalse();
  }

  @Test
  void whatChangesUnderOneIdentityIsFetchedAnewUnderAllThatAreLinked() {
    // given
    String linked = residents.get(next++);
    database
        .sql("INSERT INTO identity_link (identity, linked_to, person) VALUES (?, ?, ?)")
        .params(linked, resident, resident)
        .update();
    index.add(linked, PROVEN);
    settle(linked);
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    ask();
    assertThat(proven.received()).hasSize(2);
    proven.answers(RawProducer.answer(""));

    // when
    index.add(linked, PROVEN);
    JsonNode answer = ask();

    // then
    assertThat(proven.received()).hasSize(2);
    assertThat(answer.path("items")).isEmpty();
    assertThat(answer.path("complete").asBoolean()).isTrue();
  }

  @Test
  void whatWasKeptOfTwoIdentitiesIsNotShownOnceTheyAreUnlinked() {
    // given
    String linked = residents.get(next++);
    database
        .sql("INSERT INTO identity_link (identity, linked_to, person) VALUES (?, ?, ?)")
        .params(linked, resident, resident)
        .update();
    indexed(PROVEN);
    proven.answers(RawProducer.answer(RawProducer.item("B1", START, linked, ACTIONS)));
    assertThat(bookings(ask())).containsExactly("B1");

    // when
    unlink();
    JsonNode answer = ask();

    // then
    assertThat(HttpCaller.source(answer, PROVEN).path("reason").asString())
        .isEqualTo("wrong-resident");
    assertThat(answer.path("items")).isEmpty();
  }

  @Test
  void whatCameFromAnotherAddressOfTheProducerIsNotServed() throws IOException {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    String before = Files.readString(system.registry());
    unproven.answers(booking("B2"));

    // when
    Files.writeString(
        system.registry(), before.replace(proven.url().toString(), unproven.url().toString()));
    system.application().getBean(Producers.class).reread();
    JsonNode answer;
    try {
      answer = ask();
    } finally {
      Files.writeString(system.registry(), before);
      system.application().getBean(Producers.class).reread();
    }

    // then
    assertThat(bookings(answer)).containsExactly("B2");
  }

  private static JsonNode item(JsonNode answer, String booking) {
    return answer
        .path("items")
        .valueStream()
        .filter(item -> item.path("bookingId").asString().equals(booking))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  @Test
  void anIndexUpdateMakesItUnfreshAtOnce() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    proven.answers(booking("B2"));

    // when
    index.add(resident, PROVEN);
    JsonNode after = ask();

    // then
    assertThat(outcome(after)).isEqualTo("LIVE");
    assertThat(bookings(after)).containsExactly("B2");
  }

  @Test
  void whatIsFetchedWhileAProducerSettlesLivesToTheEndOfThat() {
    // given
    index.add(resident, PROVEN);
    proven.answers(booking("B1"));
    JsonNode first = ask();
    proven.answers(booking("B2"));

    // when
    clock.advance(SETTLING.minusSeconds(10));
    JsonNode settling = ask();
    clock.advance(Duration.ofSeconds(10));
    JsonNode settled = ask();

    // then
    assertThat(outcome(first)).isEqualTo("LIVE");
    assertThat(outcome(settling)).isEqualTo("CACHED");
    assertThat(bookings(settling)).containsExactly("B1");
    assertThat(outcome(settled)).isEqualTo("LIVE");
    assertThat(bookings(settled)).containsExactly("B2");
  }

  @Test
  void aProducerThatHasNotProvenItselfIsAskedAgainAfterAMinute() {
    // given
    indexed(UNPROVEN);
    unproven.answers(booking("B1"));
    ask();

    // when
    clock.advance(Duration.ofSeconds(58));
    JsonNode within = ask();
    clock.advance(Duration.ofSeconds(2));
    JsonNode beyond = ask();

    // then
    assertThat(outcome(within)).isEqualTo("CACHED");
    assertThat(outcome(beyond)).isEqualTo("LIVE");
  }

  @Test
  void aProvenOneIsAskedAgainAfterTwelveHours() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();

    // when
    clock.advance(Duration.ofHours(12).minusSeconds(5));
    JsonNode within = ask();
    clock.advance(Duration.ofSeconds(5));
    JsonNode beyond = ask();

    // then
    assertThat(outcome(within)).isEqualTo("CACHED");
    assertThat(outcome(beyond)).isEqualTo("LIVE");
  }

  @Test
  void whoHasJustChangedSomethingIsNeverServedWhatWasFetchedBefore() throws Exception {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    Map<String, String> soap = new HashMap<>(Consumers.headers());
    soap.put("Read-Your-Writes", "true");

    // when
    proven.answers(booking("B2"));
    JsonNode json = ask("Read-Your-Writes", "true");
    proven.answers(booking("B3"));
    SoapXml overSoap = SoapXml.parse(Consumers.ask(caller, soap, resident).body());
    proven.answers(RawProducer.status(503, "text/plain", "down".getBytes(UTF_8)));
    JsonNode failing = ask("Read-Your-Writes", "true");

    // then
    assertThat(outcome(json)).isEqualTo("LIVE");
    assertThat(bookings(json)).containsExactly("B2");
    assertThat(overSoap.texts(SoapXml.HEADERS, "statusCode")).containsExactly("DataFromSource");
    assertThat(overSoap.texts(SoapXml.CORE, "bookingId")).containsExactly("B3");
    assertThat(outcome(failing)).isEqualTo("FAILED");
    assertThat(bookings(failing)).isEmpty();
    assertThat(failing.path("sources").get(0).has("lastSuccess")).isTrue();
  }

  @Test
  void itDoesNotJoinACallThatBeganBefore() throws Exception {
    // given
    indexed(PROVEN);
    HttpHandler before = booking("B1");
    proven.answers(exchange -> {
      pause(1500);
      before.handle(exchange);
    });
    CompletableFuture<JsonNode> first =
        CompletableFuture.supplyAsync(() -> ask("Prefer", "wait=9"));
    await().until(() -> !proven.received().isEmpty());
    proven.answers(booking("B2"));

    // when
    JsonNode own = ask("Read-Your-Writes", "true", "Prefer", "wait=9");
    first.get(10, TimeUnit.SECONDS);
    JsonNode next = ask();

    // then
    assertThat(bookings(own)).containsExactly("B2");
    assertThat(outcome(next)).isEqualTo("CACHED");
    assertThat(bookings(next)).containsExactly("B2");
  }

  @Test
  void anOutageShowsWhatWasKeptWithItsTime() throws Exception {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    JsonNode before = ask();
    Consumers.ask(caller, Consumers.headers(), resident);
    proven.answers(RawProducer.status(503, "text/plain", "down".getBytes(UTF_8)));

    // when
    clock.advance(Duration.ofHours(20));
    JsonNode during = ask();
    SoapXml soap = SoapXml.parse(Consumers.ask(caller, Consumers.headers(), resident).body());

    // then
    assertThat(outcome(during)).isEqualTo("STALE");
    assertThat(reason(during)).isEqualTo("http-error");
    assertThat(during.path("complete").asBoolean()).isFalse();
    assertThat(bookings(during)).containsExactly("B1");
    assertThat(time(during, "asOf")).isEqualTo(time(before, "asOf"));
    assertThat(soap.texts(SoapXml.HEADERS, "statusCode"))
        .containsExactly("DataFromCacheSynchFailed");
    assertThat(soap.texts(SoapXml.HEADERS, "isResponseFromCache")).containsExactly("true");
    assertThat(soap.texts(SoapXml.HEADERS, "isResponseInSynch")).containsExactly("false");
    assertThat(soap.texts(SoapXml.HEADERS, "lastSuccessfulSynch").getFirst()).matches("\\d{14}");
    assertThat(soap.texts(SoapXml.HEADERS, "lastUnsuccessfulSynch").getFirst()).matches("\\d{14}");
    assertThat(soap.texts(SoapXml.HEADERS, "text").getFirst()).startsWith("http-error");
    SoapXml.assertValid(soap.first(SoapXml.HEADERS, "ProcessingStatus"), SoapXml.OWN_HEADERS);
  }

  @Test
  void whatIsKnownToHaveChangedIsNotShownInAnOutage() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    JsonNode before = ask();
    proven.answers(RawProducer.status(503, "text/plain", "down".getBytes(UTF_8)));

    // when
    index.add(resident, PROVEN);
    JsonNode during = ask();

    // then
    assertThat(outcome(during)).isEqualTo("FAILED");
    assertThat(reason(during)).isEqualTo("http-error");
    assertThat(bookings(during)).isEmpty();
    assertThat(time(during, "lastSuccess")).isEqualTo(time(before, "asOf"));
  }

  @Test
  void nothingIsShownThatIsTooOldForAnOutage() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    proven.answers(RawProducer.status(503, "text/plain", "down".getBytes(UTF_8)));

    // when
    clock.advance(Duration.ofHours(36));
    JsonNode during = ask();

    // then
    assertThat(outcome(during)).isEqualTo("FAILED");
    assertThat(bookings(during)).isEmpty();
  }

  @Test
  void aProducerThatMixesUpResidentsIsNotStoodInFor() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    proven.answers(RawProducer.answer(RawProducer.item("B9", START, residents.getLast(), ACTIONS)));

    // when
    clock.advance(Duration.ofHours(13));
    JsonNode mixed = ask();

    // then
    assertThat(outcome(mixed)).isEqualTo("FAILED");
    assertThat(reason(mixed)).isEqualTo("wrong-resident");
    assertThat(bookings(mixed)).isEmpty();
  }

  @Test
  void anEmptyAnswerIsKeptAndAFailureIsNot() {
    // given
    indexed(PROVEN);
    proven.answers(RawProducer.status(500, "text/plain", "no".getBytes(UTF_8)));
    JsonNode failed = ask();
    proven.answers(RawProducer.answer(""));

    // when
    JsonNode empty = ask();
    JsonNode again = ask();

    // then
    assertThat(outcome(failed)).isEqualTo("FAILED");
    assertThat(outcome(empty)).isEqualTo("LIVE");
    assertThat(outcome(again)).isEqualTo("CACHED");
    assertThat(again.path("complete").asBoolean()).isTrue();
    assertThat(bookings(again)).isEmpty();
    assertThat(proven.received()).hasSize(1);
  }

  @Test
  void anAnswerThatCameTooLateServesTheNextQuestion() {
    // given
    indexed(PROVEN);
    HttpHandler late = booking("B1");
    proven.answers(exchange -> {
      pause(1500);
      late.handle(exchange);
    });

    // when
    JsonNode first = ask("Prefer", "wait=1");

    // then
    assertThat(outcome(first)).isEqualTo("FAILED");
    assertThat(reason(first)).isEqualTo("timeout");
    await()
        .atMost(Duration.ofSeconds(8))
        .untilAsserted(() -> assertThat(outcome(ask("Prefer", "wait=0"))).isEqualTo("CACHED"));
    assertThat(proven.received()).hasSize(1);
  }

  @Test
  void whatChangesWhileItIsFetchedIsFetchedOnceMore() throws Exception {
    // given
    indexed(PROVEN);
    HttpHandler slow = booking("B1");
    proven.answers(exchange -> {
      pause(1000);
      slow.handle(exchange);
    });
    CompletableFuture<JsonNode> asking =
        CompletableFuture.supplyAsync(() -> ask("Prefer", "wait=9"));
    await().until(() -> proven.received().size() == 1);

    // when
    index.add(resident, PROVEN);

    // then
    JsonNode answer = asking.get(10, TimeUnit.SECONDS);
    assertThat(outcome(answer)).isEqualTo("LIVE");
    assertThat(answer.path("complete").asBoolean()).isTrue();
    assertThat(proven.received()).hasSize(2);
  }

  @Test
  void whereThereIsNoTimeForThatItIsToldAsChanged() throws Exception {
    // given
    indexed(PROVEN);
    HttpHandler slow = booking("B1");
    proven.answers(exchange -> {
      pause(1200);
      slow.handle(exchange);
    });
    CompletableFuture<JsonNode> asking =
        CompletableFuture.supplyAsync(() -> ask("Prefer", "wait=2"));
    await().until(() -> proven.received().size() == 1);

    // when
    index.add(resident, PROVEN);

    // then
    JsonNode answer = asking.get(10, TimeUnit.SECONDS);
    assertThat(outcome(answer)).isEqualTo("FAILED");
    assertThat(reason(answer)).isEqualTo("changed");
    assertThat(bookings(answer)).isEmpty();
  }

  @Test
  void whatIsAnsweredPerConsumerIsKeptForThatConsumerAlone() {
    // given
    indexed(PER_CONSUMER);
    perConsumer.answers(booking("B1"));
    Map<String, String> one = Consumers.headers();
    Map<String, String> other = Consumers.headers(Consumers.FRONT_END, "SE5565594230-OTHER");

    // when
    Consumers.ask(caller, one, resident);
    Consumers.ask(caller, other, resident);
    Consumers.ask(caller, one, resident);
    Consumers.ask(caller, other, resident);

    // then
    assertThat(perConsumer.received()).hasSize(2);
  }

  @Test
  void aConsumerWithoutGrantGetsNothingOfWhatWasKeptForOthers() throws Exception {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    SoapXml granted = SoapXml.parse(Consumers.ask(caller, Consumers.headers(), resident).body());

    // when
    HttpResponse<String> response =
        Consumers.ask(caller, Consumers.headers(Consumers.JOURNAL, Consumers.JOURNAL), resident);

    // then
    SoapXml answer = SoapXml.parse(response.body());
    assertThat(granted.texts(SoapXml.CORE, "bookingId")).containsExactly("B1");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(answer.texts(SoapXml.CORE, "bookingId")).isEmpty();
    assertThat(answer.texts(SoapXml.EXTENSION, "complete")).containsExactly("false");
    assertThat(proven.received()).hasSize(1);
  }

  @Test
  void aClockThatIsPutBackMakesNothingYounger() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();

    // when
    clock.advance(Duration.ofHours(-1));
    JsonNode answer;
    JsonNode again;
    try {
      answer = ask();
      again = ask();
    } finally {
      clock.advance(Duration.ofHours(1));
    }

    // then
    assertThat(outcome(answer)).isEqualTo("LIVE");
    assertThat(outcome(again)).isEqualTo("CACHED");
  }

  @Test
  void anOperatorSeesHowMuchIsSpared() {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();

    // when
    ask();
    JsonNode standing =
        HttpCaller.json(caller.send(caller.management("/actuator/producers")))
            .path("producers")
            .valueStream()
            .filter(producer -> producer.path("id").asString().equals("raw-proven"))
            .findFirst()
            .orElseThrow();

    // then
    JsonNode figures = standing.path("contracts").get(0);
    assertThat(figures.path("sources").path("cached").asLong()).isPositive();
    assertThat(figures.path("sources").path("live").asLong()).isPositive();
    assertThat(figures.path("shedPercent").asInt()).isBetween(1, 99);
    assertThat(figures.path("maxAgeSeconds").asLong()).isEqualTo(12 * 3600);
    assertThat(figures.path("fidelity").path("proven").asBoolean()).isTrue();
  }

  @Test
  void theDashboardAndTheAlertsUseMetricsThatExist() throws IOException {
    // given
    indexed(PROVEN);
    proven.answers(booking("B1"));
    ask();
    ask();
    String used =
        Files.readString(Path.of("docs/monitoring/alerts.yaml"))
            + Files.readString(Path.of("docs/monitoring/grafana-dashboard.json"));

    // when
    String metrics = caller.send(caller.management("/actuator/prometheus")).body();

    // then
    Set<String> existing =
        Pattern.compile("(?m)^([a-z_]+)[{ ]")
            .matcher(metrics)
            .results()
            .map(name -> name.group(1))
            .collect(Collectors.toSet());
    assertThat(
            // Kafka's and those of labs are there only with them: see KafkaIT, PushedResultsIT,
            // PullsIT, SubscribersIT; and IndexLostIT.
            Pattern.compile(
                    "\\b(samflode(?!_kafka|_lab|_pull|_subscriber|_index_unavailable)"
                        + "|hikaricp|http|jvm)_[a-z_]+")
                .matcher(used)
                .results()
                .map(MatchResult::group))
        .isNotEmpty()
        .isSubsetOf(existing);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
