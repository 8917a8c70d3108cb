package se.samflode.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ByteArrayResource;
import se.samflode.contract.Contracts;

class RampTest {

  private static Producer producer(int callsPerSecond) {
    String file =
        """
        producers:
          - id: skane-tidbok
            region: skane
            name: Region Skåne, tidbok
            url: http://localhost:1/skane
            dialect: rivtabp21
            addresses: [SE2321000255-B001]
            contracts: [GetSubjectOfCareSchedule 1]
            limits: { callsInFlight: 50, callsPerSecond: %d }
        """
            .formatted(callsPerSecond);
    return RegistryFile.read(new ByteArrayResource(file.getBytes(UTF_8)), new Contracts())
        .producers()
        .getFirst();
  }

  private static int perSecond(LiveProducer live) {
    return live.rate().getRateLimiterConfig().getLimitForPeriod();
  }

  @Test
  void asksForMoreAndMoreOfItsCallsPerSecond() {
    // given
    LiveProducer live = new LiveProducer(producer(100), 0.25);

    // when
    int first = perSecond(live);
    live.ramp(0.6);
    int later = perSecond(live);
    live.follow(producer(200));
    int changed = perSecond(live);
    live.ramp(1);

    // then
    assertThat(first).isEqualTo(25);
    assertThat(later).isEqualTo(60);
    assertThat(changed).isEqualTo(120);
    assertThat(perSecond(live)).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    // seconds since calls could be made, of the ramp | share
    "-1, 60, 0.25",
    "0, 60, 0.25",
    "30, 60, 0.625",
    "60, 60, 1",
    "3600, 60, 1",
    "0, 0, 1",
    ", 60, 0.25",
    ", 0, 1",
  })
  void growsFromAQuarterToTheWholeOverTheRamp(@Nullable Long seconds, long ramp, double share) {
    // given
    Instant since = Instant.parse("2026-11-20T10:00:00Z");
    Instant now = since.plusSeconds(seconds == null ? 0 : seconds);

    // when, then
    assertThat(ProducerRoutes.share(seconds == null ? null : since, now, Duration.ofSeconds(ramp)))
        .isEqualTo(share);
  }

  @Test
  void neverAsksForNothing() {
    assertThat(perSecond(new LiveProducer(producer(1), 0.25))).isEqualTo(1);
  }
}
