package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.Resident;
import se.samflode.testing.RunningSystem;

class IndexLostIT {

  @Test
  void whatHasComeCountsNoMoreWhenTheIndexIsLostMeanwhile() throws Exception {
    // given
    try (DemoSystem system =
        DemoSystem.start(
            new DemoSystem.Settings(RunningSystem.SEED, RunningSystem.START_DAY, false),
            Map.of("samflode.cache.off-heap", "0B"))) {
      HttpCaller caller = new HttpCaller(system);
      String resident =
          system.regions().residents().stream()
              .filter(one -> one.shows().contains("in three regions that all answer"))
              .map(Resident::id)
              .findFirst()
              .orElseThrow();
      for (String region : system.regions().regions()) {
        system.regions().setBehaviour(region, new Behaviour(3000, null));
      }
      system.regions().clearCalls();
      CompletableFuture<HttpResponse<String>> asking =
          CompletableFuture.supplyAsync(
              () -> caller.send(caller.request(resident, "").header("Prefer", "wait=15")));
      await().until(() -> system.regions().calls().toString().matches(".*=[1-9].*"));

      // when
      system.stopDatabase();

      // then
      HttpCaller.assertProblem(asking.get(30, TimeUnit.SECONDS), 503, "index-unavailable", null);
      assertThat(caller.send(caller.management("/actuator/prometheus")).body())
          .containsPattern(
              "\n"
                  + "samflode_index_unavailable_total\\{operation=\"[a-z-]+\",sqlState=\"\\w+\"}"
                  + " [1-9]");
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(caller.metric("samflode_answers_size_bytes")).isZero());
    }
  }
}
