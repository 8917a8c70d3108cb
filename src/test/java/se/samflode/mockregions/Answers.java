package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import javax.xml.stream.XMLStreamException;
import se.samflode.mockregions.MockSystem.Ask;
import se.samflode.mockregions.Soap.Refused;

/** What a region's port sends back: a system's answer, or a failure instead. Thread-safe. */
final class Answers implements ResponseTransformerV2 {

  /** A {@code timeout} lets go after this, in milliseconds: no caller waits so long. */
  private static final long HANG_MS = 75_000;

  private final Map<String, MockSystem> systems;
  private final Moods moods;
  private final Predicate<String> malformedFor;
  private final Map<String, LongAdder> calls;
  private final CountDownLatch stopped;

  /**
   * @param systems by the path they are asked at, which ends with their id
   * @param malformedFor residents who get XML that breaks off as long as nobody was told otherwise
   * @param calls counted here, by contract
   * @param stopped at zero when answers without end are to end
   */
  Answers(
      Map<String, MockSystem> systems,
      Moods moods,
      Predicate<String> malformedFor,
      Map<String, LongAdder> calls,
      CountDownLatch stopped) {
    this.systems = systems;
    this.moods = moods;
    this.malformedFor = malformedFor;
    this.calls = calls;
    this.stopped = stopped;
  }

  @Override
  public String getName() {
    return "answers";
  }

  @Override
  public boolean applyGlobally() {
    return true;
  }

  @Override
  public Response transform(Response response, ServeEvent event) {
    String path = URI.create(event.getRequest().getUrl()).getPath();
    MockSystem system = systems.get(path);
    if (system == null) {
      return plain(response, 404, "no system here; see producers.yaml").build();
    }
    if (!event.getRequest().getMethod().equals(RequestMethod.POST)) {
      return plain(response, 405, "a system takes POST only").build();
    }
    try {
      Ask ask = system.read(Soap.texts(event.getRequest().getBody()));
      calls.computeIfAbsent(ask.contract(), contract -> new LongAdder()).increment();
      return met(response, system, ask, path.substring(path.lastIndexOf('/') + 1));
    } catch (XMLStreamException e) {
      return refusal(response, "the request cannot be read as a SOAP envelope");
    } catch (Refused e) {
      return refusal(response, e.why());
    }
  }

  private Response met(Response response, MockSystem system, Ask ask, String id) {
    Behaviour now = moods.next(id);
    boolean malformed =
        now.fault() == null && moods.untold(id) && malformedFor.test(ask.resident());
    Fault fault = malformed ? Fault.MALFORMED : now.fault();
    byte[] answer =
        fault == Fault.OTHER_RESIDENT ? system.answerWithAnother(ask) : system.answer(ask);
    return (fault == null ? soap(response, 200, answer) : failing(response, fault, ask, answer))
        .incrementInitialDelay(now.delayMs())
        .build();
  }

  private static Response refusal(Response response, String why) {
    return soap(response, 500, Soap.fault("Client", why)).build();
  }

  private Response.Builder failing(Response response, Fault fault, Ask ask, byte[] answer) {
    return switch (fault) {
      case TIMEOUT -> reset(response).incrementInitialDelay(HANG_MS);
      case RESET, DOWN -> reset(response);
      case SOAP_FAULT ->
          soap(
              response,
              500,
              Soap.fault(
                  "Server",
                  "ORA-01403: ingen post för patient " + ask.resident() + " i TIDBOK på db17"));
      case MALFORMED -> soap(response, 200, Arrays.copyOf(answer, answer.length * 2 / 3));
      case OTHER_RESIDENT -> soap(response, 200, answer);
      case EMPTY -> soap(response, 200, new byte[0]);
      case HTTP_500 -> plain(response, 500, "Internt fel, försök igen");
      case HTTP_503 ->
          plain(response, 503, "Systemet är stängt för underhåll")
              .headers(
                  new HttpHeaders(
                      new HttpHeader("Content-Type", "text/plain;charset=UTF-8"),
                      new HttpHeader("Retry-After", "2")));
      case NOT_SOAP ->
          soap(response, 200, "<!DOCTYPE html><html><body>Välkommen<br></body>".getBytes(UTF_8))
              .headers(new HttpHeaders(new HttpHeader("Content-Type", "text/html;charset=UTF-8")));
      case SLOW_DRIP -> soap(response, 200, answer).body(() -> new NoEnd.Drip(answer, stopped));
      case ENDLESS -> soap(response, 200, answer).body(() -> new NoEnd.Flood(answer, stopped));
    };
  }

  private static Response.Builder reset(Response response) {
    return Response.Builder.like(response)
        .fault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER);
  }

  private static Response.Builder soap(Response response, int status, byte[] body) {
    return Response.Builder.like(response)
        .status(status)
        .headers(new HttpHeaders(new HttpHeader("Content-Type", "text/xml;charset=UTF-8")))
        .body(body);
  }

  private static Response.Builder plain(Response response, int status, String text) {
    return Response.Builder.like(response)
        .status(status)
        .headers(new HttpHeaders(new HttpHeader("Content-Type", "text/plain;charset=UTF-8")))
        .body(text);
  }
}
