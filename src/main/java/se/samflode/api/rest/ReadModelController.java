package se.samflode.api.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import se.samflode.access.Caller;
import se.samflode.contract.Actor;
import se.samflode.contract.Contracts;
import se.samflode.contract.PlatformSettings;
import se.samflode.contract.SwedishTime;
import se.samflode.federation.Answer;
import se.samflode.federation.Asker;
import se.samflode.federation.Federation;
import se.samflode.federation.Question;
import se.samflode.federation.ReadYourWrites;
import se.samflode.federation.Wanted;
import se.samflode.readmodel.Kind;

/**
 * {@code GET /api/v1/bookings}, {@code /api/v1/lab-results} and so on: what there is of one kind
 * about the resident whom the token names.
 */
@RestController
class ReadModelController {

  private final Federation federation;
  private final Contracts contracts;
  private final PlatformSettings platform;
  private final JsonSettings settings;
  private final Clock clock;

  ReadModelController(
      Federation federation,
      Contracts contracts,
      PlatformSettings platform,
      JsonSettings settings,
      Clock clock) {
    this.federation = federation;
    this.contracts = contracts;
    this.platform = platform;
    this.settings = settings;
    this.clock = clock;
  }

  /** Writes the answer itself: it counts against the node's budget until it is written. */
  @GetMapping(path = "/api/v1/{kind}", produces = MediaType.APPLICATION_JSON_VALUE)
  void readModel(
      @PathVariable String kind,
      @AuthenticationPrincipal Caller caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    Kind wanted = kind(kind);
    ReadModelQuery query = ReadModelQuery.of(request.getParameterMap());
    Duration wished = PreferWait.of(request);
    Correlation correlation = Correlation.of(request);
    if (wanted.clinical()) {
      refuseChildren(caller);
    }

    if (wished != null) {
      response.setHeader("Preference-Applied", "wait=" + wished.toSeconds());
    }
    Duration within = wished == null ? settings.deadline() : wished;
    boolean uncached = ReadYourWrites.isAskedBy(request.getHeader(ReadYourWrites.HEADER));
    try (Answer answer = federation.ask(question(wanted, caller, correlation, uncached, within))) {
      byte[] body = ReadModelAnswer.bytes(wanted, answer, query);
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
      response.flushBuffer();
    }
  }

  private static Kind kind(String path) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new ProblemException(Problem.NOT_FOUND));
  }

  /** Until there are rules for guardians, nobody reads the record of a child. */
  private void refuseChildren(Caller caller) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), SwedishTime.ZONE);
    if (isTooYoung(caller.bornBy(), settings.lowestAge(), today)) {
      throw new ProblemException(Problem.TOO_YOUNG);
    }
  }

  /** Who is born on 29 February has a birthday on the 28th where there is no such day. */
  static boolean isTooYoung(LocalDate born, int lowest, LocalDate today) {
    return born.plusYears(lowest).isAfter(today);
  }

  private Question question(
      Kind kind, Caller caller, Correlation correlation, boolean uncached, Duration within) {
    Map<String, String> headers = new HashMap<>(correlation.headers());
    headers.put("x-vp-sender-id", platform.senderId());
    headers.put("x-vp-instance-id", platform.instanceId());
    headers.put(Question.ORIGINAL_CONSUMER, caller.consumer().hsaId());
    return new Question(
        Wanted.readModel(contracts.ofKind(kind.path()), caller.resident()),
        new Asker(List.of(caller.consumer()), true),
        new Actor(caller.resident().value(), Actor.SUBJECT_OF_CARE),
        Map.of(),
        headers,
        correlation.id(),
        uncached,
        within);
  }
}
