package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Resident;
import se.samflode.testing.RunningSystem;

/** The correlation id ties a question to its log lines. */
@ExtendWith(OutputCaptureExtension.class)
class CorrelationIT {

  private final DemoSystem system = RunningSystem.get();
  // Letters only: digits might look like an identity, and such an id is not taken over.
  private final String correlationId = UUID.randomUUID().toString().replaceAll("[0-9]", "a");

  @Test
  void standsInEveryLogLineOfAJsonQuestion(CapturedOutput log) throws Exception {
    // given
    String resident = residentOf("gotland");
    String token = system.issuer().token(system.issuer().claims(resident, InstantSource.system()));

    // when
    HttpResponse<String> answer =
        send(
            request("/api/v1/bookings")
                .header("Authorization", "Bearer " + token)
                .header("X-Correlation-Id", correlationId));

    // then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Correlation-Id")).contains(correlationId);
    await().untilAsserted(() -> assertThat(ofTheQuestion(log)).contains("question.answered"));
    assertThat(ofTheQuestion(log)).contains("source.failed");
  }

  @Test
  void standsInEveryLogLineOfASoapQuestion(CapturedOutput log) throws Exception {
    // given
    HttpRequest.Builder question = soap(residentOf("gotland"));

    // when
    HttpResponse<String> answer = send(question);

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    await().untilAsserted(() -> assertThat(ofTheQuestion(log)).contains("question.answered"));
    assertThat(ofTheQuestion(log)).contains("source.failed");
  }

  @Test
  void standsInTheLogLineOfARefusedSoapQuestion(CapturedOutput log) throws Exception {
    // given
    HttpRequest.Builder question = soap("");

    // when
    HttpResponse<String> answer = send(question);

    // then
    assertThat(answer.statusCode()).isEqualTo(500);
    await().untilAsserted(() -> assertThat(ofTheQuestion(log)).containsExactly("soap.refused"));
  }

  /** The events of the lines with this question's id. */
  private List<String> ofTheQuestion(CapturedOutput log) {
    return log.getAll()
        .lines()
        .filter(line -> line.contains("correlationId=\"" + correlationId + "\""))
        .map(line -> line.replaceFirst(".*event=\"([a-z.-]+)\".*", "$1"))
        .toList();
  }

  private String residentOf(String region) {
    return system.regions().residents().stream()
        .filter(resident -> resident.kind() != Resident.Kind.RESERVE)
        .map(Resident::id)
        .filter(id ->
            system.regions().bookings(id).stream()
                .anyMatch(booking -> booking.region().equals(region)))
        .findFirst()
        .orElseThrow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + system.port() + path))
        .timeout(Duration.ofSeconds(40));
  }

  private HttpRequest.Builder soap(String resident) {
    return request("/rivta/crm/scheduling/GetSubjectOfCareSchedule/1/rivtabp21")
        .header("Content-Type", "text/xml; charset=UTF-8")
        .header("x-vp-sender-id", "SE5565594230-1177")
        .header("x-rivta-original-serviceconsumer-hsaid", "SE5565594230-1177")
        .header("x-skltp-correlation-id", correlationId)
        .POST(
            BodyPublishers.ofString(
                """
                <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>
                <LogicalAddress xmlns="urn:riv:itintegration:registry:1">SE5565594230</LogicalAddress>
                </e:Header><e:Body>
                <GetSubjectOfCareSchedule
                    xmlns="urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1">
                <healthcare_facility>SE5565594230</healthcare_facility>
                <subject_of_care>%s</subject_of_care>
                </GetSubjectOfCareSchedule></e:Body></e:Envelope>\
                """
                    .formatted(resident)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.ofString());
    }
  }
}
