package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import se.samflode.contract.SwedishTime;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Resident;
import se.samflode.producer.Producers;
import se.samflode.testing.RunningSystem;
import se.samflode.testing.SteeredClock;
import tools.jackson.databind.JsonNode;

/** What is served from the cache is fetched again now and then, and compared. */
class SamplesIT {

  private static final String UNIT = "SE5565594230-RAW1";
  private static final String OF_IT = "\\{.*producer=\"sampled\".*}";

  private final SteeredClock clock = new SteeredClock();

  /** To come: what has been is not compared. */
  private final String start = SwedishTime.format(clock.instant().plus(Duration.ofDays(30)));

  @Test
  void aChangeThatTheIndexIsNotToldOfIsFoundAndCounts() throws IOException {
    try (RawProducer producer = new RawProducer();
        DemoSystem system =
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
                clock)) {
      Files.writeString(
          system.registry(),
          Files.readString(system.registry())
              + Registry.producer(
                  "sampled", producer.url(), UNIT, "{}", "GetSubjectOfCareSchedule 1"));
      system.application().getBean(Producers.class).reread();
      HttpCaller caller = new HttpCaller(system, clock);
      IndexUpdates index = new IndexUpdates(caller);
      String resident =
          system.regions().residents().stream()
              .filter(r -> r.kind() == Resident.Kind.PERSONNUMMER)
              .filter(r -> r.shows().equals("no bookings"))
              .map(Resident::id)
              .findFirst()
              .orElseThrow();

      // given: what is kept, and a change that only the producer knows of
      index.add(resident, UNIT);
      answers(producer, "B1", resident);
      caller.bookings(resident, "");
      answers(producer, "B2", resident);

      // when
      JsonNode kept = caller.bookings(resident, "");
      assertThat(producer.received()).isEmpty();
      clock.advance(Duration.ofMinutes(1));

      // then
      await().atMost(Duration.ofSeconds(10)).until(() -> producer.received().size() == 1);
      assertThat(kept.at("/items/0/bookingId").asString()).isEqualTo("B1");
      assertThat(caller.bookings(resident, "").at("/items/0/bookingId").asString()).isEqualTo("B2");

      // when: the index has had its time to tell of it
      clock.advance(Duration.ofMinutes(6));

      // then
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> assertThat(caller.metric("samflode_fidelity_changes" + OF_IT)).isOne());
      assertThat(caller.metric("samflode_fidelity" + OF_IT)).isZero();
    }
  }

  private void answers(RawProducer producer, String booking, String resident) {
    producer.answers(RawProducer.answer(RawProducer.item(booking, start, resident, "")));
  }
}
