package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.FileSystemResource;

/** The mock regions over real HTTP: answers, faults and control. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MockRegionsTest {

  private static final Behaviour GOOD = new Behaviour(0, null);

  private MockRegions regions;
  private final SoapCaller caller = new SoapCaller();

  @BeforeAll
  void start() {
    regions = MockRegions.start(new MockRegions.Settings(7, LocalDate.of(2026, 11, 21), false));
  }

  @AfterEach
  void restore() {
    regions.regions().forEach(regions::restore);
    regions.clearCalls();
  }

  @AfterAll
  void stop() {
    caller.close();
    regions.close();
  }

  @Test
  void everySystemThatIsUpGivesAllTimesOfAResidentAtAUnit() throws Exception {
    // given
    regions.regions().forEach(region -> regions.setBehaviour(region, GOOD));
    List<BookingFact> onePerUnit =
        regions.residents().stream()
            .flatMap(resident -> regions.bookings(resident.id()).stream())
            .filter(distinctBy(booking -> booking.producer() + booking.careUnit()))
            .toList();

    for (BookingFact booking : onePerUnit) {
      // when
      HttpResponse<String> answer = caller.ask(regions, booking);

      // then
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/xml;charset=UTF-8");
      assertThat(answer.body())
          .contains(booking.careUnitName(), booking.way().timeTypeName())
          .contains(
              regions.bookings(booking.residentId()).stream()
                  .filter(b -> b.producer().equals(booking.producer()))
                  .filter(b -> b.careUnit().equals(booking.careUnit()))
                  .map(b -> "<c:bookingId>" + b.bookingId() + "<")
                  .toList());
    }
    assertThat(onePerUnit).hasSizeGreaterThan(45);
  }

  @Test
  void answersWithWhatIsBookedNow() throws Exception {
    // given
    BookingFact moved = bookingIn("uppsala");
    BookingFact another = moved.like("T999999", moved.residentId(), moved.start().plusDays(2));

    // when
    regions.book(moved.like(moved.bookingId(), moved.residentId(), moved.start().plusDays(1)));
    regions.book(another);
    String changed = caller.ask(regions, moved).body();
    regions.cancel(another);
    regions.book(moved);
    String restored = caller.ask(regions, moved).body();

    // then
    assertThat(changed)
        .contains("<c:bookingId>T999999<", Soap.timestamp(moved.start().plusDays(1)))
        .doesNotContain("<c:startTimeInclusive>" + Soap.timestamp(moved.start()) + "<");
    assertThat(restored)
        .contains("<c:startTimeInclusive>" + Soap.timestamp(moved.start()) + "<")
        .doesNotContain("T999999");
  }

  @Test
  void thousandBookingsComeInOneAnswer() throws Exception {
    // when
    HttpResponse<String> answer = caller.ask(regions, bookingIn("varmland", "1000"));

    // then
    assertThat(answer.body().split("<r:timeslotDetail>", -1)).hasSize(1001);
  }

  @Test
  void refusesAQuestionThatARealSystemWouldRefuse() throws Exception {
    // given
    BookingFact booking = bookingIn("uppsala");
    String unit = booking.careUnit();
    String good = SoapCaller.question(unit, unit, booking.residentId());
    Map<String, String> bad =
        Map.of(
            SoapCaller.question("SE2321000024-OTHER", unit, booking.residentId()),
            "same care unit",
            SoapCaller.question("SE0", "SE0", booking.residentId()),
            "does not keep",
            SoapCaller.question(unit, unit, ""),
            "missing or empty",
            good.replace("LogicalAddress", "To"),
            "LogicalAddress is missing",
            good.replace("actorType", "type"),
            "actorType is missing",
            good.replace(">subject_of_care<", ">doctor<"),
            "actorType must be",
            good.replace("Responder:1", "Responder:2"),
            "not a GetSubjectOfCareSchedule",
            "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>" + good,
            "cannot be read",
            good.substring(0, 100),
            "cannot be read");

    for (Map.Entry<String, String> question : bad.entrySet()) {
      // when
      HttpResponse<String> answer =
          caller.send("POST", SoapCaller.url(regions, booking), question.getKey());

      // then
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).contains("soap:Client", question.getValue());
    }
  }

  @Test
  void malformedXmlForOneResidentLeavesOthersGood() throws Exception {
    // given
    BookingFact other =
        regions.residents().stream()
            .skip(20)
            .flatMap(resident -> regions.bookings(resident.id()).stream())
            .filter(booking -> booking.region().equals("kalmar"))
            .findFirst()
            .orElseThrow();

    // when
    String broken = caller.ask(regions, bookingIn("kalmar", "breaks off")).body();
    String good = caller.ask(regions, other).body();

    // then
    assertThatThrownBy(() -> read(broken)).isInstanceOf(XMLStreamException.class);
    assertThat(read(good)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "SOAP_FAULT, 500, text/xml",
    "MALFORMED, 200, text/xml",
    "EMPTY, 200, text/xml",
    "HTTP_500, 500, text/plain",
    "HTTP_503, 503, text/plain",
    "NOT_SOAP, 200, text/html"
  })
  void failsWithAnAnswerThatIsNone(Fault fault, int status, String contentType) throws Exception {
    // given
    BookingFact booking = bookingIn("skane");
    regions.setBehaviour("skane", new Behaviour(0, fault));

    // when
    HttpResponse<String> answer = caller.ask(regions, booking);

    // then
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith(contentType));
    switch (fault) {
      case SOAP_FAULT -> assertThat(answer.body()).contains("faultstring", booking.residentId());
      case EMPTY -> assertThat(answer.body()).isEmpty();
      case HTTP_503 -> assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
      case MALFORMED, NOT_SOAP ->
          assertThatThrownBy(() -> read(answer.body())).isInstanceOf(XMLStreamException.class);
      default -> assertThat(answer.body()).doesNotContain("Envelope");
    }
  }

  @Test
  void resetBreaksTheConnection() {
    // given
    regions.setBehaviour("skane", new Behaviour(0, Fault.RESET));

    // when + then
    assertThatThrownBy(() -> caller.ask(regions, bookingIn("skane")))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void endlessSendsMoreThanAnyoneReadsAndStopsWithTheCaller() throws Exception {
    // given
    regions.setBehaviour("skane", new Behaviour(0, Fault.ENDLESS));
    HttpResponse<InputStream> answer = caller.stream(regions, bookingIn("skane"));

    // when
    byte[] read;
    try (InputStream body = answer.body()) {
      read = body.readNBytes(20_000_000);
    }

    // then
    assertThat(read).hasSize(20_000_000);
    assertThat(new String(read, 0, 2_000, UTF_8)).contains("<r:timeslotDetail>");
  }

  @Test
  void slowDripSendsTheStatusAtOnceAndThenAByteNowAndThen() throws Exception {
    // given
    regions.setBehaviour("skane", new Behaviour(0, Fault.SLOW_DRIP));
    long began = System.nanoTime();

    // when
    HttpResponse<InputStream> answer = caller.stream(regions, bookingIn("skane"));
    byte[] first;
    try (InputStream body = answer.body()) {
      first = body.readNBytes(4);
    }

    // then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(first).isEqualTo("<?xm".getBytes(UTF_8));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(ms(400), ms(5_000));
  }

  @ParameterizedTest
  @EnumSource(names = {"TIMEOUT", "SLOW_DRIP", "ENDLESS"})
  void twoHundredCallsThatHangDelayNobody(Fault fault) throws Exception {
    // given
    BookingFact booking = bookingIn("skane");
    regions.setBehaviour("skane", new Behaviour(0, fault));
    int hanging = fault == Fault.ENDLESS ? 4 : 200;
    List<CompletableFuture<HttpResponse<String>>> calls =
        IntStream.range(0, hanging)
            .mapToObj(i -> caller.later(regions, booking, Duration.ofSeconds(30)))
            .toList();
    await().until(() -> count("skane") == hanging);

    // when
    regions.setBehaviour("skane", GOOD);
    long began = System.nanoTime();
    HttpResponse<String> same = caller.ask(regions, booking);
    HttpResponse<String> other = caller.ask(regions, bookingIn("uppsala"));
    Duration took = Duration.ofNanos(System.nanoTime() - began);

    // then
    assertThat(same.statusCode()).isEqualTo(200);
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(took).isLessThan(ms(5_000));
    assertThat(calls).noneMatch(CompletableFuture::isDone);
    calls.forEach(call -> call.cancel(true));
  }

  @Test
  void delaysEachCallOnItsOwn() throws Exception {
    // given
    BookingFact booking = bookingIn("skane");
    regions.setBehaviour("skane", new Behaviour(500, null));
    long began = System.nanoTime();

    // when
    List<CompletableFuture<HttpResponse<String>>> calls =
        IntStream.range(0, 100)
            .mapToObj(i -> caller.later(regions, booking, Duration.ofSeconds(10)))
            .toList();

    // then
    for (CompletableFuture<HttpResponse<String>> call : calls) {
      assertThat(call.get().statusCode()).isEqualTo(200);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(ms(500), ms(10_000));
  }

  @Test
  void closesAndReopensTheSamePort() throws Exception {
    // given
    BookingFact booking = bookingIn("skane");
    regions.setBehaviour("skane", new Behaviour(0, Fault.TIMEOUT));
    CompletableFuture<HttpResponse<String>> hanging =
        caller.later(regions, booking, Duration.ofSeconds(30));
    await().until(() -> count("skane") == 1);
    int port = regions.port("skane");

    // when
    regions.setBehaviour("skane", new Behaviour(0, Fault.DOWN));

    // then
    assertThatThrownBy(() -> caller.ask(regions, booking)).isInstanceOf(ConnectException.class);
    assertThatThrownBy(hanging::get).isInstanceOf(ExecutionException.class);
    regions.restore("skane");
    assertThat(regions.port("skane")).isEqualTo(port);
    assertThat(caller.ask(regions, booking).statusCode()).isEqualTo(200);
  }

  @Test
  void theDownRegionIsDownFromTheStartAndAgainWhenRestored() throws Exception {
    // given
    BookingFact booking = bookingIn("gotland");
    String control = control("/__mock/regions/gotland/behaviour");

    // when + then
    assertThatThrownBy(() -> caller.ask(regions, booking)).isInstanceOf(ConnectException.class);
    caller.send("PUT", control, "{\"delayMs\":0,\"fault\":null}");
    assertThat(caller.ask(regions, booking).statusCode()).isEqualTo(200);
    caller.send("DELETE", control, "");
    assertThatThrownBy(() -> caller.ask(regions, booking)).isInstanceOf(ConnectException.class);
  }

  @Test
  void countsCallsPerRegionAndContract() throws Exception {
    // given
    caller.ask(regions, bookingIn("uppsala"));
    caller.ask(regions, bookingIn("uppsala"));

    // when
    String counted = caller.send("GET", control("/__mock/calls"), "").body();
    int cleared = caller.send("DELETE", control("/__mock/calls"), "").statusCode();

    // then
    assertThat(counted).contains("\"uppsala\":{\"GetSubjectOfCareSchedule 1\":2}");
    assertThat(cleared).isEqualTo(204);
    assertThat(count("uppsala")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          PUT  | /__mock/regions/atlantis/behaviour | {}                          | 404 | one of stockholm
          PUT  | /__mock/regions/skane/behaviour    | {"fault":"gone"}            | 400 | one of timeout
          PUT  | /__mock/regions/skane/behaviour    | {"fault":1}                 | 400 | one of timeout
          PUT  | /__mock/regions/skane/behaviour    | {"delayMs":-1}              | 400 | from 0 to
          PUT  | /__mock/regions/skane/behaviour    | {"delayMs":1.5}             | 400 | from 0 to
          PUT  | /__mock/regions/skane/behaviour    | {"delayMs":99999999999999999999} | 400 | from 0 to
          PUT  | /__mock/regions/skane/behaviour    | {"delayMs":null}            | 400 | from 0 to
          PUT  | /__mock/regions/skane/behaviour    | {"delay":1}                 | 400 | keys delayMs and fault
          PUT  | /__mock/regions/skane/behaviour    | []                          | 400 | keys delayMs and fault
          PUT  | /__mock/regions/skane/behaviour    | {"delayMs":                 | 400 | not JSON
          PUT  | /__mock/regions/skane/behaviour    | {} {}                       | 400 | not JSON
          POST | /__mock/regions/skane/behaviour    | {}                          | 405 | PUT, DELETE
          PUT  | /__mock/calls                      | {}                          | 405 | GET, DELETE
          GET  | /__mock/elsewhere                  | {}                          | 404 | /__mock/calls
          """)
  void controlRefusesBadInputAndSaysWhatToDo(
      String method, String path, String body, int status, String hint) throws Exception {
    // when
    HttpResponse<String> answer = caller.send(method, control(path), body);

    // then
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).startsWith("{\"error\":\"").contains(hint);
    assertThat(caller.ask(regions, bookingIn("skane")).statusCode()).isEqualTo(200);
  }

  @Test
  void controlRefusesALargeBody() throws Exception {
    // when
    HttpResponse<String> answer =
        caller.send("PUT", control("/__mock/regions/skane/behaviour"), " ".repeat(10_000));

    // then
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    // given
    RegionsFile file =
        RegionsFile.read(new FileSystemResource(MockRegions.FOLDER.resolve("regions.yaml")));
    World empty = new World(List.of(), Map.of(), List.of(), Set.of());
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {

      // when + then
      assertThatThrownBy(() ->
              new RegionServer(
                  file.regions().getFirst(),
                  empty,
                  new Bookings(Map.of()),
                  1,
                  taken.getLocalPort()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(taken.getLocalPort() + " of Region Stockholm is taken");
    }
  }

  @Test
  void producersYamlHasTheRealPorts() {
    // when
    String yaml = regions.producersYaml();

    // then
    assertThat(yaml)
        .contains("http://localhost:" + regions.port("gotland") + "/gotland/tidbok")
        .doesNotContain("http://localhost:81");
  }

  private BookingFact bookingIn(String region) {
    return bookingIn(region, "");
  }

  private BookingFact bookingIn(String region, String shows) {
    return regions.residents().stream()
        .filter(resident -> resident.shows().contains(shows))
        .flatMap(resident -> regions.bookings(resident.id()).stream())
        .filter(booking -> booking.region().equals(region))
        .findFirst()
        .orElseThrow();
  }

  private long count(String region) {
    return regions.calls().getOrDefault(region, Map.of()).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private String control(String path) {
    return "http://localhost:" + regions.controlPort() + path;
  }

  private static Map<String, List<String>> read(String xml) throws XMLStreamException {
    return Soap.texts(xml.getBytes(UTF_8));
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  private static <T> Predicate<T> distinctBy(Function<T, Object> key) {
    var seen = new HashSet<Object>();
    return t -> seen.add(key.apply(t));
  }
}
