package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.endtoend.RawProducer.answer;
import static se.samflode.endtoend.RawProducer.status;

import com.sun.net.httpserver.HttpHandler;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/** What an operator sees of producers. */
class ProducersEndpointIT {

  private static final String ID = "seen-tidbok";

  private final HttpCaller caller = new HttpCaller();
  private final RawProducer producer = new RawProducer();
  private final Registry registry = new Registry();
  private final DirectCalls calls = new DirectCalls(ID);

  @AfterEach
  void remove() {
    registry.close();
    calls.close();
    producer.close();
  }

  @Test
  void showsWhereAProducerStandsAndWhatItWasAsked() {
    // given
    registry.write(
        registry.withProducer(
            ID, producer.url(), "SE5565594230-SEEN", "{ connect: 1s, call: 5s }"));

    // when
    JsonNode before = standing();
    producer.answers(answer(""));
    calls.inTurn(2);
    HttpHandler full = status(429, "text/plain", new byte[1]);
    producer.answers(exchange -> {
      exchange.getResponseHeaders().add("Retry-After", "120");
      full.handle(exchange);
    });
    calls.inTurn(4);
    JsonNode after = standing();

    // then
    assertThat(before.path("contracts")).isEmpty();
    assertThat(before.path("name").asString()).isEqualTo("Region Extra, tidbok");
    JsonNode now = before.path("now");
    assertThat(now.path("route").asString()).startsWith("ask-" + ID + "-");
    assertThat(now.path("inFlight").asInt()).isZero();
    assertThat(now.path("limits").path("callsInFlight").asInt()).isEqualTo(50);
    assertThat(now.path("circuit").asString()).isEqualTo("closed");
    assertThat(now.path("nearLimits").asBoolean()).isFalse();
    assertThat(after.path("now").path("quietUntil").asString()).startsWith("20").endsWith("Z");
    assertThat(after.path("now").path("nearLimits").asBoolean()).isTrue();
    JsonNode asked = after.path("contracts").path(0);
    assertThat(asked.path("contract").asString()).isEqualTo("GetSubjectOfCareSchedule 1");
    assertThat(asked.path("calls").asInt()).isEqualTo(3);
    assertThat(asked.path("outcomes").toString())
        .isEqualTo("{\"http-error\":1,\"limited\":3,\"live\":2}");
    assertThat(asked.path("maxMillis").asLong())
        .isGreaterThanOrEqualTo(asked.path("meanMillis").asLong());
    assertThat(asked.path("withinMillis").path("15000").asInt()).isEqualTo(3);
    assertThat(caller.metric("samflode_producer_quiet_seconds\\{.*producer=\"" + ID + "\".*}"))
        .isBetween(1.0, 120.0);
  }

  private JsonNode standing() {
    HttpResponse<String> answer =
        caller.send(
            HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:"
                        + RunningSystem.get().managementPort()
                        + "/actuator/producers")));
    assertThat(answer.statusCode()).isEqualTo(200);
    return HttpCaller.json(answer)
        .path("producers")
        .valueStream()
        .filter(one -> one.path("id").asString().equals(ID))
        .findFirst()
        .orElseThrow();
  }
}
