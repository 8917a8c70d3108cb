package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.Fault;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.Resident;
import se.samflode.producer.Producers;
import se.samflode.readmodel.Kind;
import se.samflode.testing.FreePort;
import se.samflode.testing.RunningSystem;

/**
 * Drives every flow, faults included, at the log level TRACE, and searches all that came out for
 * the residents' identity numbers. They may stand in the bodies of successful answers and nowhere
 * else.
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads all that is logged, in full")
class LeakIT {

  private static final List<String> TALKATIVE =
      List.of(
          "root",
          "se.samflode",
          "com.zaxxer",
          "com.nimbusds",
          "io.micrometer",
          "org.apache.camel",
          "org.apache.catalina",
          "org.apache.coyote",
          "org.apache.cxf",
          "org.apache.hc",
          "org.apache.hc.client5.http.headers",
          "org.apache.hc.client5.http.wire",
          "org.apache.tomcat",
          "org.flywaydb",
          "org.postgresql",
          "org.springframework",
          "org.springframework.jdbc.core.StatementCreatorUtils",
          "org.springframework.web.servlet.PageNotFound");

  private static final String BOOKINGS = "/api/v1/bookings";
  private static final String SCHEDULE =
      "/rivta/crm/scheduling/GetSubjectOfCareSchedule/1/rivtabp21";
  private static final String UPDATE = "/rivta/itintegration/engagementindex/Update/1/rivtabp21";
  private static final String FIND = "/rivta/itintegration/engagementindex/FindContent/1/rivtabp21";
  private static final String PING =
      "/rivta/itintegration/monitoring/PingForConfiguration/1/rivtabp21";
  private static final String CONSUMER = "SE5565594230-1177";

  /** What came out, but for the log, line by line with where it came from. */
  private final Queue<String> out = new ConcurrentLinkedQueue<>();

  /** The parts of tokens that carry the resident. */
  private final Set<String> tokenBodies = new HashSet<>();

  private final Map<String, Level> levels = new HashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private DemoSystem system;
  private int mllpPort;

  @BeforeEach
  void start() throws IOException {
    mllpPort = FreePort.find();
    Map<String, Object> settings = new HashMap<>();
    for (String logger : TALKATIVE) {
      levels.put(logger, logger(logger).getLevel());
      settings.put("logging.level." + logger, "TRACE");
    }
    settings.put("logging.level.org.apache.cxf", "TRACE");
    settings.put("samflode.producers.fragment-limit", "1MB");
    // Every question is to be a call.
    settings.put("samflode.cache.off-heap", "0B");
    settings.put("management.endpoint.health.show-details", "always");
    settings.put("samflode.lab.mllp.port", String.valueOf(mllpPort));
    settings.put("samflode.lab.mllp.address", "127.0.0.1");
    settings.put("samflode.lab.mllp.plain-sender", "gotalab");
    system =
        DemoSystem.start(
            new DemoSystem.Settings(RunningSystem.SEED, RunningSystem.START_DAY, false), settings);
  }

  @AfterEach
  void stop() {
    system.close();
    http.shutdownNow();
    levels.forEach((name, level) -> logger(name).setLevel(level));
    logger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
  }

  @Test
  void letsIdentityNumbersOutInAnswersOnly(CapturedOutput log) throws Exception {
    // given
    List<String> identities = system.regions().residents().stream().map(Resident::id).toList();
    IdentitySearch search = new IdentitySearch(identities);
    List<String> everywhere = residentsOfAllRegions();

    assertThat(logger("org.apache.hc.client5.http.wire").getEffectiveLevel())
        .as("what is configured")
        .isEqualTo(Level.TRACE);

    // when
    makeCallsShort();
    askAll(everywhere);
    askWithEveryFault(everywhere);
    mistakes(everywhere.getFirst());
    pushAsALab(everywhere.getFirst());
    changeTheRegistry(everywhere, log);
    askTheManagementPort(everywhere.getFirst());
    withoutDatabase(everywhere.getFirst());
    system.close();

    // then: the flows were seen, and the search finds what is there
    assertThat(log.getAll())
        .contains("question.answered", "source.failed", "soap.refused", "index.unavailable")
        .contains("config.rejected", "config.reloaded", "producer.route-started")
        .contains("lab.listening", "lab.rejected")
        .doesNotContain("api.failed");
    assertThat(search.find("a " + spellings(identities.getFirst()))).isNotEmpty();
    assertThat(identities).allSatisfy(id -> assertThat(search.find(id)).isNotEmpty());
    assertThat(log.getAll().lines().filter(LeakIT::isOfAQuestion))
        .allMatch(line -> line.contains("correlationId=\""));
    // and nothing else is there
    assertThat(search.find(log.getAll())).as("log").isEmpty();
    assertThat(search.find(String.join("\n", out))).as("what came out but answers").isEmpty();
    assertThat(tokenBodies).noneMatch(log.getAll()::contains);
    assertThat(tokenBodies).noneMatch(body -> out.stream().anyMatch(o -> o.contains(body)));
  }

  private static boolean isOfAQuestion(String line) {
    return line.matches(".*event=\"((question|source|fragment|index|soap)\\.|api.failed).*");
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  /** The ways in which people write an identity number. */
  private static List<String> spellings(String id) {
    String century = id.substring(0, 8);
    String last = id.substring(8);
    return List.of(
        id,
        century + "-" + last,
        century + "+" + last,
        id.substring(2),
        id.substring(2, 8) + "-" + last,
        "99" + id + "99",
        "00000000-0000-4000-8000-" + id,
        century + "-" + last + "-4000-8000-000000000000",
        "SE2321000016-" + id);
  }

  /** Residents who together have bookings in every region, one of them with a reserve number. */
  private List<String> residentsOfAllRegions() {
    List<String> chosen = new ArrayList<>();
    Set<String> left = new HashSet<>(system.regions().regions());
    for (Resident resident : system.regions().residents()) {
      List<String> regions =
          system.regions().bookings(resident.id()).stream().map(BookingFact::region).toList();
      if (resident.kind() != Resident.Kind.RESERVE && left.removeAll(regions)) {
        chosen.add(resident.id());
      }
    }
    assertThat(left).isEmpty();
    chosen.add(reserveNumbers().iterator().next());
    return chosen;
  }

  private Set<String> reserveNumbers() {
    return system.regions().residents().stream()
        .filter(resident -> resident.kind() == Resident.Kind.RESERVE)
        .map(Resident::id)
        .collect(Collectors.toSet());
  }

  // ---- flows

  /** Asks for each resident over JSON and SOAP, all at once. */
  private void askAll(List<String> residents) throws Exception {
    List<Runnable> questions = new ArrayList<>();
    for (String resident : residents) {
      if (!reserveNumbers().contains(resident)) {
        questions.add(() -> askJson(resident));
      }
      questions.add(() -> askSoap(resident));
    }
    // The first resident has records of every kind.
    String first = system.regions().residents().getFirst().id();
    for (Kind kind : Kind.values()) {
      questions.add(() -> ask(kind, first));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<?> question : questions.stream().map(threads::submit).toList()) {
        question.get();
      }
    }
  }

  private void askJson(String resident) {
    send("json", request(BOOKINGS).header("Authorization", bearer(resident)).GET(), false);
  }

  private void ask(Kind kind, String resident) {
    send(
        "json",
        request("/api/v1/" + kind.path()).header("Authorization", bearer(resident)).GET(),
        false);
  }

  private void askSoap(String resident) {
    send("soap", soap(SCHEDULE, "SE2321000016-A001", schedule(resident)), true);
  }

  /** So that a fault that hangs costs a second. */
  private void makeCallsShort() throws IOException {
    rewriteRegistry(
        Files.readString(system.registry())
            .replaceAll("connect: [0-9]+m?s", "connect: 500ms")
            .replaceAll("call: [0-9]+m?s", "call: 1s"));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            producers().all().stream()
                .allMatch(p -> Duration.ofSeconds(1).equals(p.timeouts().call())));
  }

  private void rewriteRegistry(String text) throws IOException {
    Files.writeString(system.registry(), text);
  }

  private Producers producers() {
    return system.application().getBean(Producers.class);
  }

  private void askWithEveryFault(List<String> residents) throws Exception {
    for (Fault fault : Fault.values()) {
      for (String region : system.regions().regions()) {
        system.regions().setBehaviour(region, new Behaviour(0, fault));
      }
      askAll(residents);
    }
    for (String region : system.regions().regions()) {
      system.regions().setBehaviour(region, new Behaviour(0, null));
    }
  }

  /** Results that are right, and such in which an identity stands where none should. */
  private void pushAsALab(String resident) throws IOException {
    String bundle =
        Files.readString(MockRegions.FOLDER.resolve("lab-result.json"))
            .replace("RESIDENT", resident);
    fhir("application/fhir+json", bundle);
    fhir("application/fhir+json", bundle.replace("\"final\"", "\"entered-in-error\""));
    List<String> message =
        List.of(
            "MSH|^~\\&|LIS|LAB|SAMFLODE|X|20261130120000||ORU^R01|M1|P|2.5|||||SE|UNICODE UTF-8",
            "PID|||" + resident + "^^^1.2.752.129.2.1.3.1",
            "OBR|1|A-1|LEAK-1|X^Blodstatus^L||||||||||||||||||||||F",
            "OBX|1|NM|Y^Hb^L||109|g/L|117-153|L|||F");
    mllp(String.join("\r", message));
    for (String id : spellings(resident)) {
      for (String field :
          List.of(
              "RESIDENT",
              resident,
              "demo-1",
              "final",
              "2026-11-20T10:00:00+01:00",
              "Klinisk kemi",
              "urn:oid:1.2.752.129.2.1.3.1",
              "urn:uuid:4f6c1c1e-8e0a-4a43-9a52-0d6f1a7c2002",
              "NPU02192",
              "6.4",
              "Observation",
              "resourceType",
              "transaction")) {
        fhir("application/fhir+json", bundle.replace(field, id));
      }
      fhir("application/fhir+json", bundle.substring(0, 700) + id);
      fhir("application/fhir+xml", "<Bundle xmlns='http://hl7.org/fhir'><id value='" + id + "'/>");
      fhir("application/" + id, bundle);
      for (String query :
          List.of(
              "records?since=" + id,
              "records?since=2026-01-01T00:00:00Z&cursor=" + id,
              "rejected?since=2026-01-01T00:00:00Z&limit=" + id,
              "rejected/" + id + "/resend",
              id)) {
        raw("GET /labs/v1/" + query.replace("+", "%2B"), "Authorization: " + ofTheLab());
      }
      String all = String.join("\r", message);
      for (String field :
          List.of(resident, "LIS", "ORU", "M1", "2.5", "UNICODE", "LEAK-1", "NM", "109", "|F")) {
        mllp(all.replace(field, id));
      }
      mllp(id);
    }
    raw("GET /labs/v1/rejected?since=2026-01-01T00:00:00Z", "Authorization: " + ofTheLab());
    ask(Kind.LAB_RESULTS, resident);
  }

  private String ofTheLab() {
    return "Bearer " + token(system.issuer().labClaims(InstantSource.system()));
  }

  /** The answer to what was stored names records as the lab does. */
  private void fhir(String contentType, String bundle) {
    send(
        "json",
        request("/fhir/R4")
            .header("Authorization", ofTheLab())
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofString(bundle)),
        false);
  }

  /** An acknowledgement repeats who sends, and the id of the message; nothing else. */
  private void mllp(String message) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), mllpPort)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(("\u000b" + message + "\r\u001c\r").getBytes(UTF_8));
      socket.getOutputStream().flush();
      StringBuilder answer = new StringBuilder();
      int read = socket.getInputStream().read();
      while (read >= 0 && read != 0x1c) {
        answer.append((char) read);
        read = socket.getInputStream().read();
      }
      answer
          .toString()
          .lines()
          .filter(segment -> segment.startsWith("ERR|") || segment.startsWith("MSA|"))
          .filter(segment -> segment.startsWith("ERR|") || message.contains("|M1|"))
          .forEach(segment -> out.add("mllp " + segment));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void mistakes(String resident) throws IOException {
    for (String id : spellings(resident)) {
      jsonMistakes(resident, id);
      soapMistakes(resident, id);
      rawMistakes(id);
    }
    tokenMistakes(resident);
    byte[] large = (schedule(resident) + " ".repeat(11 * 1024 * 1024)).getBytes(UTF_8);
    HttpRequest.Builder tooLarge = soap(SCHEDULE, "SE2321000016-A001", "");
    send("too large", tooLarge.POST(BodyPublishers.ofByteArray(large)), false);
  }

  private void jsonMistakes(String resident, String id) {
    String good = bearer(resident);
    for (String query :
        List.of(
            "from=" + id,
            "to=" + id,
            "limit=" + id,
            "cursor=" + id,
            "cursor=" + Base64.getUrlEncoder().encodeToString(("1 - " + id).getBytes(UTF_8)),
            "personalIdentityNumber=" + id,
            id + "=1",
            "from=2027-01-01&from=" + id,
            "from=%GG" + id)) {
      raw("GET " + BOOKINGS + "?" + query.replace("+", "%2B"), "Authorization: " + good);
    }
    for (String path :
        List.of(
            BOOKINGS + "/" + id,
            "/api/v1/" + id,
            "/" + id,
            "/rivta/" + id,
            "/demo/" + id,
            BOOKINGS + ";id=" + id,
            BOOKINGS + "/../" + id,
            "//" + id,
            "/%2e%2e/" + id,
            "/" + id.replaceAll("([0-9])", "%3$1"))) {
      raw("GET " + path, "Authorization: " + good);
    }
    for (String header :
        List.of(
            "Prefer: wait=" + id,
            "Prefer: " + id,
            "Accept: application/" + id,
            "Accept: " + id,
            "Accept-Language: " + id,
            "User-Agent: " + id,
            "X-Correlation-Id: " + id,
            "traceparent: 00-00000000000000000000" + id + "-00f067aa0ba902b7-01",
            "traceparent: " + id,
            "b3: " + id,
            "baggage: resident=" + id,
            "X-Forwarded-For: " + id,
            "Forwarded: for=" + id,
            "Referer: http://localhost/" + id,
            "Cookie: JSESSIONID=" + id,
            "If-None-Match: " + id,
            "Range: bytes=" + id,
            "Content-Type: " + id,
            "Host: " + id,
            "Origin: https://" + id,
            id + ": x",
            "X-" + id + " : x")) {
      raw("GET " + BOOKINGS, "Authorization: " + good, header);
    }
    raw("POST " + BOOKINGS, "Authorization: " + good, "Content-Length: 12", "", "{\"id\":\"" + id);
    send(
        "demo token",
        request("/demo/token")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"personalIdentityNumber\":[\"" + id + "\"]}")),
        false);
    send(
        "demo token",
        request("/demo/token")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"personalIdentityNumber\":" + id + "x\"")),
        false);
  }

  private void tokenMistakes(String resident) {
    Map<String, Object> good =
        new HashMap<>(system.issuer().claims(resident, InstantSource.system()));
    for (String id : spellings(resident)) {
      for (String claim :
          List.of(
              "sub",
              "iss",
              "aud",
              "exp",
              "scope",
              "client_id",
              "azp",
              "jti",
              "https://id.oidc.se/claim/personalIdentityNumber",
              "https://id.oidc.se/claim/coordinationNumber")) {
        Map<String, Object> claims = new HashMap<>(good);
        claims.put(claim, id);
        authorized(token(claims));
      }
      String odd = token(good);
      authorized(
          encoded("{\"alg\":\"RS256\",\"kid\":\"" + id + "\"}") + odd.substring(odd.indexOf('.')));
      authorized(
          encoded("{\"alg\":\"" + id + "\",\"typ\":\"" + id + "\"}")
              + odd.substring(odd.indexOf('.')));
      authorized(encoded("{\"alg\":\"none\"}") + "." + encoded("{\"sub\":\"" + id + "\"}") + ".");
      authorized(id);
      authorized(id + "." + id + "." + id);
      authorized(odd + id);
      raw("GET " + BOOKINGS, "Authorization: " + id);
      raw("GET " + BOOKINGS, "Authorization: Basic " + encoded(id + ":" + id));
      raw("GET " + BOOKINGS + "?access_token=" + id.replace("+", "%2B"));
    }
  }

  private void authorized(String token) {
    raw("GET " + BOOKINGS, "Authorization: Bearer " + token);
  }

  private void soapMistakes(String resident, String id) {
    String update = update(resident, "FIELD");
    List<String> bodies = new ArrayList<>(List.of(schedule(id), find(id), update(id, id)));
    for (String field :
        List.of(
            "riv:crm:scheduling",
            "Booking",
            "SE2321000016-A001",
            "booking-1",
            "NA",
            "20270124093000",
            "SE2321000016-S001",
            "SE2321000016",
            "false",
            "c:engagement",
            "u:Update")) {
      bodies.add(update.replace(">" + field + "<", ">" + id + "<"));
      bodies.add(update.replace(field, "x" + id.replaceAll("[+]", "")));
    }
    bodies.add(update.replace("false", "false</c:deleteFlag><c:deleteFlag>" + id));
    bodies.add(update + "<x" + id.replaceAll("[+]", "") + "/>");
    bodies.add(update.substring(0, update.length() / 2));
    bodies.add("<x:" + id + " xmlns:x='urn:" + id + "'>" + id + "</y>");
    bodies.add("&i" + id + ";");
    bodies.add(find(id).replace("riv:crm:scheduling", id));
    bodies.add("<p:PingForConfiguration xmlns:p='urn:" + id + "'>" + id);
    bodies.add(
        schedule(resident)
            .replace("</s:schedule_starting_time>", id + "</s:schedule_starting_time>"));
    for (String path : List.of(SCHEDULE, UPDATE, FIND, PING)) {
      for (String body : bodies) {
        send("soap " + path, soap(path, DemoSystem.INDEX, body), true);
      }
      send("soap " + path, soap(path, id, update), true);
      send("soap " + path, soap(path, id, schedule(resident)), true);
      for (String doctype :
          List.of(
              "<!DOCTYPE x [<!ENTITY e '" + id + "'>]>",
              "<!DOCTYPE x SYSTEM 'file:///" + id + "'>",
              "<?" + "x" + id + "?>",
              "<!--" + id.replace("-", "") + "->",
              id)) {
        send(
            "doctype",
            soap(path, id, "").POST(BodyPublishers.ofString(doctype + envelope(id, schedule(id)))),
            true);
      }
      for (String header :
          List.of(
              "x-skltp-correlation-id",
              "x-vp-sender-id",
              "x-rivta-original-serviceconsumer-hsaid",
              "x-rivta-shaping",
              "SOAPAction",
              "traceparent",
              "User-Agent",
              "Accept",
              "Content-Type",
              "Content-Encoding")) {
        send(
            "header", soap(path, DemoSystem.INDEX, schedule(resident)).setHeader(header, id), true);
        send("header", soap(path, DemoSystem.INDEX, "<x/>").setHeader(header, id), true);
      }
      send("query", request(path + "?wsdl=" + id.replace("+", "%2B")).GET(), false);
      send("query", request(path + "?" + id.replace("+", "%2B")).GET(), false);
    }
  }

  /** What no decent client sends. */
  private void rawMistakes(String id) {
    raw(id + " " + BOOKINGS);
    raw("GET " + id);
    raw("GET /" + id + "\u0001");
    raw("GET http://" + id + "/" + id);
    rawText("GET /" + id + " HTTP/" + id + "\r\n\r\n");
    rawText("GET /" + id + "\r\n\r\n");
    rawText(id + "\r\n\r\n");
    rawText("\u0016\u0003" + id + "\r\n\r\n");
    rawText("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: " + id + "\r\n\r\n");
    rawText("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + id + "\r\n\r\n");
    rawText("GET / HTTP/1.1\r\nHost: x\r\nX: " + (id + " ").repeat(3000) + "\r\n\r\n");
  }

  /** A file that cannot be used, then producers that repeat what they are asked, then none. */
  private void changeTheRegistry(List<String> residents, CapturedOutput log) throws Exception {
    String good = Files.readString(system.registry());
    rewriteRegistry(good + "\n  - nonsense: [");
    await().atMost(Duration.ofSeconds(20)).until(() -> log.getAll().contains("config.rejected"));
    HttpServer hostile =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hostile.createContext(
        "/",
        exchange -> {
          out.add("producer was asked at " + exchange.getRequestURI());
          String question = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          String identity = residents.stream().filter(question::contains).findFirst().orElse("");
          exchange.getResponseHeaders().add("X-Resident", identity);
          exchange.getResponseHeaders().add("X-" + identity, identity);
          exchange.getResponseHeaders().add("Set-Cookie", "id=" + identity);
          exchange.getResponseHeaders().add("Location", "/" + identity);
          exchange.getResponseHeaders().add("Content-Type", "text/xml; charset=" + identity);
          exchange.sendResponseHeaders(identity.endsWith("1") ? 302 : 200, 0);
          exchange.getResponseBody().write(("<x>" + identity).getBytes(UTF_8));
          exchange.close();
        });
    hostile.start();
    try {
      int port = hostile.getAddress().getPort();
      rewriteRegistry(
          good.replaceAll("http://localhost:[0-9]+/", "http://localhost:" + port + "/"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> producers().all().stream().allMatch(p -> p.url().getPort() == port));
      askAll(residents);
    } finally {
      hostile.stop(0);
    }
    askAll(residents);
  }

  private void askTheManagementPort(String id) {
    for (String path :
        List.of(
            "/actuator/prometheus",
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/health/readiness",
            "/actuator/health/" + id,
            "/actuator/" + id,
            "/actuator/prometheus?includedNames=" + id,
            "/" + id)) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + system.managementPort() + path));
      send(path.replace(id, ""), request.GET(), false);
    }
  }

  private void withoutDatabase(String resident) {
    system.stopDatabase();
    askJson(resident);
    askSoap(resident);
    send("soap", soap(UPDATE, DemoSystem.INDEX, update(resident, "booking-9")), true);
    send("soap", soap(FIND, DemoSystem.INDEX, find(resident)), true);
    askTheManagementPort(resident);
  }

  // ---- requests

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + system.port() + path))
        .timeout(Duration.ofSeconds(40));
  }

  private HttpRequest.Builder soap(String path, String logicalAddress, String body) {
    return request(path)
        .header("Content-Type", "text/xml; charset=UTF-8")
        .header("x-vp-sender-id", CONSUMER)
        .header("x-rivta-original-serviceconsumer-hsaid", CONSUMER)
        .header("x-skltp-correlation-id", "leak-test")
        .POST(BodyPublishers.ofString(envelope(logicalAddress, body)));
  }

  private static String envelope(String logicalAddress, String body) {
    return """
    <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">
      <e:Header>
        <r:LogicalAddress xmlns:r="urn:riv:itintegration:registry:1">%s</r:LogicalAddress>
      </e:Header>
      <e:Body>%s</e:Body>
    </e:Envelope>\
    """
        .formatted(logicalAddress, body);
  }

  private static String schedule(String resident) {
    return """
    <s:GetSubjectOfCareSchedule \
    xmlns:s="urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1">
      <s:healthcare_facility>SE2321000016-A001</s:healthcare_facility>
      <s:subject_of_care>%s</s:subject_of_care>
    </s:GetSubjectOfCareSchedule>\
    """
        .formatted(resident);
  }

  private static String find(String resident) {
    return """
    <f:FindContent xmlns:f="urn:riv:itintegration:engagementindex:FindContentResponder:1">
      <f:registeredResidentIdentification>%s</f:registeredResidentIdentification>
      <f:serviceDomain>riv:crm:scheduling</f:serviceDomain>
    </f:FindContent>\
    """
        .formatted(resident);
  }

  private static String update(String resident, String booking) {
    return """
    <u:Update xmlns:u="urn:riv:itintegration:engagementindex:UpdateResponder:1"
        xmlns:c="urn:riv:itintegration:engagementindex:1">
      <u:engagementTransaction><c:deleteFlag>false</c:deleteFlag><c:engagement>
        <c:registeredResidentIdentification>%s</c:registeredResidentIdentification>
        <c:serviceDomain>riv:crm:scheduling</c:serviceDomain>
        <c:categorization>Booking</c:categorization>
        <c:logicalAddress>SE2321000016-A001</c:logicalAddress>
        <c:businessObjectInstanceIdentifier>%s</c:businessObjectInstanceIdentifier>
        <c:clinicalProcessInterestId>NA</c:clinicalProcessInterestId>
        <c:mostRecentContent>20270124093000</c:mostRecentContent>
        <c:sourceSystem>SE2321000016-S001</c:sourceSystem>
        <c:dataController>SE2321000016</c:dataController>
      </c:engagement></u:engagementTransaction>
    </u:Update>\
    """
        .formatted(resident, booking);
  }

  private String bearer(String resident) {
    return "Bearer " + token(system.issuer().claims(resident, InstantSource.system()));
  }

  private String token(Map<String, Object> claims) {
    String token = system.issuer().token(claims);
    synchronized (tokenBodies) {
      tokenBodies.add(token.split("\\.", -1)[1]);
    }
    return token;
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  /**
   * Sends a request and keeps what comes, but for the body of a successful answer and the
   * correlation id, which SOAP callers get back as they sent it.
   */
  private void send(String what, HttpRequest.Builder request, boolean soap) {
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString(UTF_8));
      answer
          .headers()
          .map()
          .forEach((name, values) -> {
            if (!soap || answer.statusCode() != 200 || !name.equals("x-skltp-correlation-id")) {
              out.add(what + " header " + name + ": " + values);
            }
          });
      if (answer.statusCode() != 200 || !(soap || what.equals("json"))) {
        out.add(what + " " + answer.statusCode() + " " + answer.body());
      }
    } catch (IOException e) {
      out.add(what + " " + e.getClass());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(what + " cannot be sent so");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void raw(String requestLine, String... headers) {
    boolean hasHost = List.of(headers).stream().anyMatch(h -> h.startsWith("Host:"));
    rawText(
        requestLine
            + " HTTP/1.1\r\n"
            + (hasHost ? "" : "Host: localhost\r\n")
            + "Connection: close\r\n"
            + String.join("\r\n", headers)
            + (headers.length == 0 ? "" : "\r\n")
            + "\r\n");
  }

  private void rawText(String text) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), system.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(text.getBytes(UTF_8));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      boolean good = answer.startsWith("HTTP/1.1 200");
      out.add("raw " + (good ? answer.substring(0, answer.indexOf("\r\n\r\n")) : answer));
    } catch (java.net.SocketException e) {
      out.add("raw " + e.getClass());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
