package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.Fault;
import se.samflode.mockregions.MockRegions;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/**
 * One region of three fails, in every way it can: the others' bookings come, and the gap is told.
 */
class FaultsIT {

  private static final String FAILING = "uppsala";
  private static final String ALSO_FAILING = "ostergotland";

  /** Well below the 15 s of a call, so that it shows the answer's own deadline of 2 s. */
  private static final Duration BY_THE_DEADLINE = Duration.ofSeconds(8);

  private final MockRegions regions = RunningSystem.get().regions();
  private final HttpCaller caller = new HttpCaller();
  private final String resident = Residents.whoShows("in three regions that all answer");

  @AfterEach
  void restore() {
    regions.restore(FAILING);
    regions.restore(ALSO_FAILING);
  }

  @ParameterizedTest
  @CsvSource({
    "RESET, refused",
    "SOAP_FAULT, fault",
    "MALFORMED, malformed",
    "EMPTY, malformed",
    "HTTP_500, http-error",
    "HTTP_503, http-error",
    "NOT_SOAP, malformed",
    "DOWN, refused"
  })
  void aRegionThatFailsIsNamedWithItsReasonAndHarmsNoOther(Fault fault, String reason) {
    // given
    regions.setBehaviour(FAILING, new Behaviour(0, fault));

    // when
    JsonNode answer = caller.bookings(resident, "", "Prefer", "wait=10");

    // then
    assertMissing(answer, FAILING, reason);
    assertRecovers();
  }

  @Test
  void anAnswerWithoutEndIsCutAtTheByteLimit() {
    // given
    regions.setBehaviour(FAILING, new Behaviour(0, Fault.ENDLESS));

    // when
    JsonNode answer = caller.bookings(resident, "", "Prefer", "wait=20");

    // then
    assertMissing(answer, FAILING, "too-large");
    assertRecovers();
  }

  @Test
  void regionsThatHangAndDripMissTheDeadlineAndGiveTheirPermitsBack() {
    // given
    regions.setBehaviour(FAILING, new Behaviour(0, Fault.TIMEOUT));
    regions.setBehaviour(ALSO_FAILING, new Behaviour(0, Fault.SLOW_DRIP));
    long begun = System.nanoTime();

    // when
    JsonNode answer = caller.bookings(resident, "");

    // then
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isBetween(Duration.ofSeconds(2), BY_THE_DEADLINE);
    assertThat(answer.path("complete").asBoolean()).isFalse();
    assertThat(reasons(answer, FAILING)).containsOnly("timeout");
    assertThat(reasons(answer, ALSO_FAILING)).containsOnly("timeout");
    assertThat(bookingIds(answer)).containsExactlyInAnyOrderElementsOf(expectedFrom("stockholm"));
    assertThat(caller.inFlight("uppsala-tidbok")).isEqualTo(1);
    assertThat(caller.inFlight("ostergotland-tidbok")).isEqualTo(1);
    assertRecovers();
  }

  private void assertMissing(JsonNode answer, String region, String reason) {
    assertThat(answer.path("complete").asBoolean()).isFalse();
    assertThat(reasons(answer, region)).containsOnly(reason);
    for (JsonNode source : answer.path("sources")) {
      boolean failing = source.path("producer").asString().startsWith(region);
      assertThat(source.path("outcome").asString()).isEqualTo(failing ? "FAILED" : "LIVE");
      assertThat(source.path("items").asInt() > 0).isNotEqualTo(failing);
    }
    assertThat(bookingIds(answer))
        .containsExactlyInAnyOrderElementsOf(
            Residents.bookings(resident).stream()
                .filter(fact -> !fact.region().equals(region))
                .map(BookingFact::bookingId)
                .toList());
  }

  /** Nothing is left of the fault: no permit, no broken connection. */
  private void assertRecovers() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(caller.inFlight("uppsala-tidbok")).isZero();
          assertThat(caller.inFlight("ostergotland-tidbok")).isZero();
          // By its own Retry-After.
          assertThat(caller.metric("samflode_producer_quiet_seconds\\{.*\"uppsala-tidbok\".*}"))
              .isZero();
        });
    restore();
    JsonNode again = caller.bookings(resident, "", "Prefer", "wait=10");
    assertThat(again.path("complete").asBoolean()).as(again.toString()).isTrue();
    assertThat(again.path("items")).hasSize(Residents.bookings(resident).size());
  }

  private List<String> expectedFrom(String region) {
    return Residents.bookings(resident).stream()
        .filter(fact -> fact.region().equals(region))
        .map(BookingFact::bookingId)
        .toList();
  }

  private static List<String> bookingIds(JsonNode answer) {
    return answer
        .path("items")
        .valueStream()
        .map(item -> item.path("bookingId").asString())
        .toList();
  }

  private static List<String> reasons(JsonNode answer, String region) {
    return answer
        .path("sources")
        .valueStream()
        .filter(source -> source.path("producer").asString().startsWith(region))
        .map(source -> source.path("reason").asString(""))
        .toList();
  }
}
