package se.samflode.api.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import se.samflode.access.Caller;
import se.samflode.contract.Actor;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.PlatformSettings;
import se.samflode.federation.Answer;
import se.samflode.federation.Asker;
import se.samflode.federation.Federation;
import se.samflode.federation.Question;

/** {@code GET /api/v1/bookings}: the booked times of the resident whom the token names. */
@RestController
class BookingsController {

  private final Federation federation;
  private final Contract contract;
  private final PlatformSettings platform;
  private final JsonSettings settings;

  BookingsController(
      Federation federation,
      Contracts contracts,
      PlatformSettings platform,
      JsonSettings settings) {
    this.federation = federation;
    this.contract = contracts.named("GetSubjectOfCareSchedule 1");
    this.platform = platform;
    this.settings = settings;
  }

  @GetMapping(path = "/api/v1/bookings", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<BookingsAnswer> bookings(
      @AuthenticationPrincipal Caller caller, HttpServletRequest request) {
    BookingsQuery query = BookingsQuery.of(request.getParameterMap());
    Duration wished = PreferWait.of(request);
    Correlation correlation = Correlation.of(request);

    Answer answer =
        federation.ask(
            question(caller, correlation, wished == null ? settings.deadline() : wished));

    ResponseEntity.BodyBuilder response = ResponseEntity.ok();
    if (wished != null) {
      response.header("Preference-Applied", "wait=" + wished.toSeconds());
    }
    return response.body(BookingsAnswer.of(answer, query));
  }

  private Question question(Caller caller, Correlation correlation, Duration within) {
    Map<String, String> headers = new HashMap<>(correlation.headers());
    headers.put("x-vp-sender-id", platform.senderId());
    headers.put("x-vp-instance-id", platform.instanceId());
    headers.put("x-rivta-original-serviceconsumer-hsaid", caller.consumer().hsaId());
    return new Question(
        contract,
        caller.resident(),
        new Asker(List.of(caller.consumer()), true),
        new Actor(caller.resident().value(), Actor.SUBJECT_OF_CARE),
        Map.of(),
        headers,
        correlation.id(),
        within);
  }
}
