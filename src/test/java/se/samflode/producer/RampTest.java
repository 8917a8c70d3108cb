package se.samflode.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
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

  @Test
  void neverAsksForNothing() {
    assertThat(perSecond(new LiveProducer(producer(1), 0.25))).isEqualTo(1);
  }
}
