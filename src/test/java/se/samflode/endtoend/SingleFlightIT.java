package se.samflode.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.Resident.Kind;
import se.samflode.testing.RunningSystem;

/** Who asks for the same at the same time shares one call. */
class SingleFlightIT {

  private static final int CALLERS = 200;

  private final MockRegions regions = RunningSystem.get().regions();
  private final HttpCaller caller = new HttpCaller();
  private final String resident =
      Residents.with(
          Kind.PERSONNUMMER,
          some ->
              some.size() < 10
                  && Residents.regions(some).size() == 3
                  && Residents.HEALTHY.containsAll(Residents.regions(some)));
  private final Set<String> asked = Residents.regions(Residents.bookings(resident));

  @AfterEach
  void restore() {
    asked.forEach(regions::restore);
  }

  @Test
  void twoHundredQuestionsAtOnceMakeOneCallPerAddressAndTheNextOneMakesItsOwn() throws Exception {
    // given
    askAllAtOnce(Residents.whoShows("no bookings at all"));
    asked.forEach(region -> regions.setBehaviour(region, new Behaviour(1000, null)));
    Map<String, Long> before = calls();

    // when
    List<HttpResponse<String>> answers = askAllAtOnce(resident);
    Map<String, Long> during = calls();
    asked.forEach(regions::restore);
    caller.bookings(resident, "", "Prefer", "wait=10");

    // then
    Map<String, Long> perRegion = new HashMap<>();
    Residents.bookings(resident).stream()
        .collect(
            java.util.stream.Collectors.toMap(
                BookingFact::careUnit, BookingFact::region, (a, b) -> a))
        .values()
        .forEach(region -> perRegion.merge(region, 1L, Long::sum));
    assertThat(difference(before, during)).isEqualTo(perRegion);
    assertThat(difference(during, calls())).isEqualTo(perRegion);
    assertThat(answers)
        .allSatisfy(answer -> {
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(HttpCaller.json(answer).path("complete").asBoolean()).isTrue();
          assertThat(HttpCaller.json(answer).path("items"))
              .hasSize(Residents.bookings(resident).size());
        });
  }

  private List<HttpResponse<String>> askAllAtOnce(String whom) throws Exception {
    HttpRequest.Builder request = caller.request(whom, "").header("Prefer", "wait=15").GET();
    CyclicBarrier together = new CyclicBarrier(CALLERS);
    Callable<HttpResponse<String>> question =
        () -> {
          together.await(60, SECONDS);
          return caller.send(request.copy());
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> asking = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        asking.add(threads.submit(question));
      }
      List<HttpResponse<String>> answers = new ArrayList<>();
      for (Future<HttpResponse<String>> one : asking) {
        answers.add(one.get(60, SECONDS));
      }
      return answers;
    }
  }

  private Map<String, Long> calls() {
    Map<String, Long> calls = new HashMap<>();
    regions
        .calls()
        .forEach((region, counts) ->
            calls.put(region, counts.values().stream().mapToLong(c -> c).sum()));
    return calls;
  }

  private Map<String, Long> difference(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> made = new HashMap<>();
    asked.forEach(region ->
        made.put(region, after.getOrDefault(region, 0L) - before.getOrDefault(region, 0L)));
    return made;
  }
}
