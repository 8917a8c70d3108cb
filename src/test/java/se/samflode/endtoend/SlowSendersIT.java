package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static se.samflode.testing.LabBundles.json;
import static se.samflode.testing.LabBundles.lab;
import static se.samflode.testing.LabBundles.transaction;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Resident;
import se.samflode.testing.RunningSystem;
import se.samflode.testing.SteeredClock;

/**
 * Labs and source systems that send slowly hold no more places than there are, and none for ever.
 */
class SlowSendersIT {

  /** More than the requests that fill the index at the same time. */
  private static final int PLACES = 4;

  private static final String LAB = "svealab";

  private static final String SENDERS =
      """
      controllers:
        - id: SE2321000016-0001
          name: Region Stockholm
          retention: 3650d
      senders:
        - id: svealab
          name: Svealab
          clientIds: [svealab]
          sourceSystems:
            - id: SE5565594230-LAB1
              name: Svealab
              dataController: SE2321000016-0001
      """;

  private static final SteeredClock CLOCK = new SteeredClock();

  @TempDir private static Path folder;

  private static DemoSystem system;
  private static HttpCaller caller;
  private static LabCaller labs;
  private static String resident;

  private final List<SlowRequest> slow = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    Path senders = Files.writeString(folder.resolve("senders.yaml"), SENDERS);
    system =
        DemoSystem.start(
            new DemoSystem.Settings(RunningSystem.SEED, RunningSystem.START_DAY, false),
            Map.of(
                "samflode.senders",
                senders.toUri().toString(),
                "samflode.api.room.labs",
                String.valueOf(PLACES),
                "samflode.api.room.index",
                String.valueOf(PLACES)),
            CLOCK);
    caller = new HttpCaller(system, CLOCK);
    labs = new LabCaller(system, caller);
    resident =
        system.regions().residents().stream()
            .filter(one -> one.shows().equals("no bookings"))
            .map(Resident::id)
            .findFirst()
            .orElseThrow();
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @AfterEach
  void hangUp() {
    slow.forEach(SlowRequest::close);
  }

  @Test
  void aLabThatFindsNoPlaceIsRefusedAtOnceAndHindersNobodyElse() {
    // given
    for (int place = 1; place <= PLACES; place++) {
      slow.add(slowPush("R" + place));
    }
    await().until(() -> taken("labs") == PLACES);

    // when
    HttpResponse<String> oneMore = labs.push(LAB, result("R9"));

    // then
    assertThat(oneMore.statusCode()).isEqualTo(503);
    assertThat(oneMore.headers().firstValue("Retry-After")).contains("5");
    assertThat(oneMore.body()).contains("\"transient\"", "too many messages at once");
    new IndexUpdates(caller).add(resident, "SE5565594230-BESIDE");
    assertThat(caller.send(caller.request(resident, "")).statusCode()).isEqualTo(200);
    assertThat(slow).allSatisfy(one -> assertThat(one.end()).startsWith("HTTP/1.1 200"));
    await().until(() -> taken("labs") == 0);
    assertThat(labs.push(LAB, result("R9")).statusCode()).isEqualTo(200);
  }

  @Test
  void anUpdateThatFindsNoPlaceIsRefusedAtOnceAndTheNodeSaysThatItIsUnready() {
    // given
    for (int place = 1; place <= PLACES; place++) {
      slow.add(slowUpdate("SE5565594230-STORED" + place));
    }
    await().until(() -> taken("index") == PLACES);

    // when
    HttpResponse<String> oneMore =
        caller.soap(
            IndexUpdates.PATH,
            IndexUpdates.envelope(resident, "SE5565594230-REFUSED"),
            IndexUpdates.headers(IndexUpdates.SOURCE));

    // then
    assertThat(oneMore.statusCode()).isEqualTo(503);
    assertThat(oneMore.headers().firstValue("Retry-After")).contains("5");
    assertThat(oneMore.body()).contains("<faultstring>Too many requests at once");
    assertThat(caller.send(caller.request(resident, "")).statusCode()).isEqualTo(200);
    await().until(() -> readiness() == 503);
    assertThat(slow)
        .allSatisfy(one -> assertThat(one.end()).startsWith("HTTP/1.1 200").contains(">OK</"));
    await().until(() -> readiness() == 200 && taken("index") == 0);
    assertThat(Consumers.findContent(caller, resident))
        .contains("SE5565594230-STORED1", "SE5565594230-STORED" + PLACES)
        .doesNotContain("SE5565594230-REFUSED");
  }

  @Test
  void aMessageThatTakesLongerThanAMinuteIsCutOff() {
    // given
    slow.add(slowPush("R8"));
    await().until(() -> taken("labs") == 1);

    // when
    CLOCK.advance(Duration.ofSeconds(61));
    slow.getFirst().drip();

    // then
    await().until(() -> taken("labs") == 0);
    assertThat(slow.getFirst().answer()).startsWith("HTTP/1.1 408").contains("longer than 60 s");
  }

  @Test
  void aSoapRequestThatTakesLongerThanHalfAMinuteIsCutOff() {
    // given
    slow.add(slowUpdate("SE5565594230-LATE"));
    await().until(() -> taken("index") == 1);

    // when
    CLOCK.advance(Duration.ofSeconds(31));
    slow.getFirst().drip();

    // then
    await().until(() -> taken("index") == 0);
    assertThat(slow.getFirst().answer()).startsWith("HTTP/1.1 500").contains("longer than 30 s");
    assertThat(Consumers.findContent(caller, resident)).doesNotContain("SE5565594230-LATE");
  }

  private static SlowRequest slowPush(String record) {
    return new SlowRequest(
        system.port(),
        "/fhir/R4",
        Map.of(
            "Authorization",
            "Bearer " + labs.token(LAB, "lab-results.write"),
            "Content-Type",
            "application/fhir+json"),
        result(record));
  }

  private static String result(String record) {
    return json(transaction(lab(resident, record)));
  }

  private static SlowRequest slowUpdate(String address) {
    Map<String, String> headers = new HashMap<>(IndexUpdates.headers(IndexUpdates.SOURCE));
    headers.put("Content-Type", "text/xml; charset=UTF-8");
    return new SlowRequest(
        system.port(),
        "/rivta" + IndexUpdates.PATH,
        headers,
        IndexUpdates.envelope(resident, address));
  }

  private static double taken(String room) {
    return caller.metric("samflode_room_taken\\{.*room=\"" + room + "\".*}");
  }

  private static int readiness() {
    return caller.send(caller.management("/actuator/health/readiness")).statusCode();
  }
}
