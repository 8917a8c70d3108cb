package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.endtoend.RawProducer.answer;
import static se.samflode.endtoend.RawProducer.bytes;
import static se.samflode.endtoend.RawProducer.envelope;
import static se.samflode.endtoend.RawProducer.item;
import static se.samflode.endtoend.RawProducer.status;

import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What leaves us towards a producer, and what we make of answers no mock region gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProducerCallIT {

  private static final String ADDRESS = "SE5565594230-RAW1";
  private static final String ID = "raw-tidbok";

  private final HttpCaller caller = new HttpCaller();
  private final IndexUpdates index = new IndexUpdates(caller);
  private final RawProducer producer = new RawProducer();
  private final Registry registry = new Registry();
  private final String resident = Residents.withoutBookings(0);
  private final String someoneElse = Residents.withoutBookings(1);

  @BeforeAll
  void register() {
    registry.write(
        registry.withProducer(ID, producer.url(), ADDRESS, "{ connect: 2s, call: 10s }"));
    index.add(resident, ADDRESS);
  }

  @AfterAll
  void remove() {
    index.delete(resident, ADDRESS);
    registry.close();
    producer.close();
  }

  @Test
  void asksOnceWithTheProfilesHeadersAndNothingOfOurs() {
    // given
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    producer.answers(answer(item("B1", "20270201090000", resident, "")));

    // when
    HttpResponse<String> response =
        caller.send(
            caller
                .request(resident, "?from=2027-01-01&limit=3")
                .header("traceparent", trace)
                .header("Cookie", "a=b")
                .header("x-rivta-acting-on-behalf-of-hsaid", "SE1")
                .header("x-vp-sender-id", "SE-EVIL")
                .GET());

    // then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(producer.received()).hasSize(1);
    RawProducer.Received call = producer.received().getFirst();
    assertThat(call.method() + " " + call.path()).isEqualTo("POST /raw");
    assertThat(call.header("x-vp-sender-id")).isEqualTo("SE5565594230-SAMFLODE");
    assertThat(call.header("x-vp-instance-id")).isEqualTo("samflode-demo");
    assertThat(call.header("x-rivta-original-serviceconsumer-hsaid"))
        .isEqualTo("SE5565594230-1177");
    assertThat(call.header("x-skltp-correlation-id"))
        .isEqualTo(response.headers().firstValue("X-Correlation-Id").orElseThrow());
    assertThat(call.header("traceparent")).isEqualTo(trace);
    assertThat(call.header("SOAPAction"))
        .isEqualTo(
            "\"urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1:GetSubjectOfCareSchedule\"");
    assertThat(call.header("Content-Type")).isEqualToIgnoringCase("text/xml; charset=UTF-8");
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(call.headers().keySet());
    names.removeAll(Set.of("Host", "Content-Length", "Transfer-Encoding", "Connection"));
    assertThat(names.stream().map(name -> name.toLowerCase(java.util.Locale.ROOT)))
        .containsExactlyInAnyOrder(
            "x-vp-sender-id",
            "x-vp-instance-id",
            "x-rivta-original-serviceconsumer-hsaid",
            "x-skltp-correlation-id",
            "traceparent",
            "soapaction",
            "content-type");
    assertThat(call.headers().toString()).doesNotContain(resident);
  }

  @Test
  void theEnvelopeNamesTheAddressAndTheResidentAsWhoActs() throws Exception {
    // given
    producer.answers(answer(""));

    // when
    caller.bookings(resident, "");

    // then
    SoapXml envelope = SoapXml.parse(producer.received().getFirst().body());
    assertThat(envelope.texts("urn:riv:itintegration:registry:1", "LogicalAddress"))
        .containsExactly(ADDRESS);
    assertThat(envelope.texts("urn:riv:interoperability:headers:1", "actorId"))
        .containsExactly(resident);
    assertThat(envelope.texts("urn:riv:interoperability:headers:1", "actorType"))
        .containsExactly("subject_of_care");
    assertThat(envelope.texts(SoapXml.RESPONDER, "healthcare_facility")).containsExactly(ADDRESS);
    assertThat(envelope.texts(SoapXml.RESPONDER, "subject_of_care")).containsExactly(resident);
    SoapXml.assertValid(envelope.bodyElement(), SoapXml.OWN_SCHEDULE);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void aRedirectIsNotFollowed(int code) {
    // given
    producer.answers(exchange -> {
      exchange.getResponseHeaders().add("Location", producer.url() + "/elsewhere");
      exchange.sendResponseHeaders(code, -1);
    });

    // when
    JsonNode answer = caller.bookings(resident, "");

    // then
    assertFailed(answer, "http-error");
    assertThat(producer.received()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 429, 500, 502, 503})
  void anHttpErrorIsNotTriedAgain(int code) {
    // given
    HttpHandler error = status(code, "text/plain", "closed".getBytes(UTF_8));
    producer.answers(exchange -> {
      exchange.getResponseHeaders().add("Retry-After", "0");
      exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"x\"");
      error.handle(exchange);
    });

    // when
    JsonNode answer = caller.bookings(resident, "");

    // then
    assertFailed(answer, "http-error");
    assertThat(producer.received()).hasSize(1);
  }

  @Test
  void cookiesOfAProducerAreNotSentBack() {
    // given
    HttpHandler good = answer("");
    producer.answers(exchange -> {
      exchange.getResponseHeaders().add("Set-Cookie", "session=1; Path=/");
      good.handle(exchange);
    });

    // when
    caller.bookings(resident, "");
    caller.bookings(resident, "");

    // then
    assertThat(producer.received()).hasSize(2);
    assertThat(producer.received()).allSatisfy(call -> assertThat(call.header("Cookie")).isEmpty());
  }

  @Test
  void keepsTheSiblingsOfABadItem() {
    // given
    producer.answers(
        answer(
            item("GOOD1", "20270203090000", resident, "")
                + item("BAD", "20270231090000", resident, "")
                + item("GOOD2", "20270202090000", resident, "")));

    // when
    JsonNode answer = caller.bookings(resident, "");

    // then
    assertThat(bookingIds(answer)).containsExactly("GOOD2", "GOOD1");
    assertThat(answer.path("complete").asBoolean()).isFalse();
    JsonNode source = HttpCaller.source(answer, ADDRESS);
    assertThat(source.path("outcome").asString()).isEqualTo("LIVE");
    assertThat(source.path("leftOut").asInt()).isEqualTo(1);
    assertThat(source.path("items").asInt()).isEqualTo(2);
  }

  @Test
  void showsAnItemThatBreaksItsSchemaAndCountsIt() {
    // given
    producer.answers(answer(item("B1", "20270203090000", resident, "<c:bananas>1</c:bananas>")));
    String counted =
        "samflode_items_invalid_total\\{.*producer=\"" + ID + "\",rejected=\"false\".*}";
    caller.bookings(resident, "");
    double before = caller.metric(counted);

    // when
    JsonNode answer = caller.bookings(resident, "");

    // then
    assertThat(bookingIds(answer)).containsExactly("B1");
    assertThat(answer.path("complete").asBoolean()).isTrue();
    assertThat(HttpCaller.source(answer, ADDRESS).path("leftOut").asInt()).isZero();
    assertThat(caller.metric(counted)).isEqualTo(before + 1);
  }

  @Test
  void showsNothingOfAnAnswerThatIsAboutSomebodyElseToo() {
    // given
    producer.answers(
        answer(
            item("MINE", "20270203090000", resident, "")
                + item("THEIRS", "20270204090000", someoneElse, "")));

    // when
    JsonNode answer = caller.bookings(resident, "");

    // then
    assertFailed(answer, "wrong-resident");
    assertThat(answer.toString()).doesNotContain(someoneElse, resident);
  }

  @Test
  void itemsWithoutAStartStandLastAndInEveryRange() {
    // given
    producer.answers(
        answer(
            item("OPEN", "", resident, "<e:isInvitation>true</e:isInvitation>")
                + item("LATER", "20270203090000", resident, "")
                + item("SOON", "20270202090000", resident, "")));

    // when
    JsonNode all = caller.bookings(resident, "");
    JsonNode page = caller.bookings(resident, "?limit=2");
    JsonNode rest = caller.bookings(resident, "?limit=2&cursor=" + page.path("next").asString());
    JsonNode range = caller.bookings(resident, "?from=2027-02-03&to=2027-02-04");

    // then
    assertThat(bookingIds(all)).containsExactly("SOON", "LATER", "OPEN");
    assertThat(bookingIds(page)).containsExactly("SOON", "LATER");
    assertThat(bookingIds(rest)).containsExactly("OPEN");
    assertThat(rest.has("next")).isFalse();
    assertThat(bookingIds(range)).containsExactly("LATER", "OPEN");
  }

  static Stream<Arguments> readable() {
    String umlauts = "Åsa Öberg, mån–fre <b>";
    String text = "<c:purpose>Åsa Öberg, mån&#8211;fre &lt;b></c:purpose>";
    return Stream.of(
        Arguments.of("gzip", gzip(text)),
        Arguments.of(
            "ISO-8859-1 by Content-Type",
            charset("text/xml; charset=ISO-8859-1", "", ISO_8859_1, text)),
        Arguments.of(
            "ISO-8859-1 by the document",
            charset(
                "text/xml", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", ISO_8859_1, text)),
        Arguments.of(
            "Content-Type goes before the document",
            charset(
                "text/xml; charset=\"utf-8\"",
                "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
                UTF_8,
                text)),
        Arguments.of(
            "UTF-16 with a byte order mark",
            charset("text/xml", "", java.nio.charset.StandardCharsets.UTF_16, text)),
        Arguments.of(
            "UTF-8 with a byte order mark",
            charset("text/xml; charset=UTF-8", "\uFEFF", UTF_8, text)),
        Arguments.of("a media type without name", charset("application/soap+xml", "", UTF_8, text)),
        Arguments.of(
            "CDATA",
            charset(
                "text/xml;charset=UTF-8",
                "",
                UTF_8,
                "<c:purpose><![CDATA[" + umlauts + "]]></c:purpose>")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readable")
  void readsTextsInTheCharsetTheyAreIn(String what, Answers given) {
    // given
    producer.answers(given.about(resident));

    // when
    JsonNode answer = caller.bookings(resident, "");

    // then
    assertThat(answer.path("complete").asBoolean()).as(answer.toString()).isTrue();
    assertThat(answer.path("items").path(0).path("purpose").asString())
        .isEqualTo("Åsa Öberg, mån–fre <b>");
  }

  static Stream<Arguments> unusable() {
    String good = "<c:purpose>Åsa</c:purpose>";
    return Stream.of(
        Arguments.of(
            "ISO-8859-1 that says UTF-8",
            "malformed",
            charset("text/xml; charset=UTF-8", "", ISO_8859_1, good)),
        Arguments.of(
            "a charset that nobody knows",
            "malformed",
            charset("text/xml; charset=bananas", "", ISO_8859_1, good)),
        Arguments.of(
            "a charset of the document that nobody knows",
            "malformed",
            charset("text/xml", "<?xml version=\"1.0\" encoding=\"bananas\"?>", ISO_8859_1, good)),
        Arguments.of(
            "gzip that is none",
            "malformed",
            (Answers)
                resident ->
                    exchange -> {
                      exchange.getResponseHeaders().add("Content-Encoding", "gzip");
                      bytes("text/xml", envelope("").getBytes(UTF_8)).handle(exchange);
                    }),
        Arguments.of("an undeclared entity", "malformed", plain("<c:purpose>&a;</c:purpose>")),
        Arguments.of("a character XML lacks", "malformed", plain("<c:purpose>&#1;</c:purpose>")),
        Arguments.of("an undeclared prefix", "malformed", plain("<x:more>1</x:more>")),
        Arguments.of(
            "an external entity",
            "malformed",
            charset(
                "text/xml",
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>",
                UTF_8,
                "<c:purpose>&x;</c:purpose>")),
        Arguments.of(
            "something after the envelope",
            "malformed",
            (Answers) resident -> bytes("text/xml", (envelope("") + "<more/>").getBytes(UTF_8))),
        Arguments.of(
            "the answer of another contract",
            "wrong-contract",
            (Answers)
                resident ->
                    bytes(
                        "text/xml",
                        envelope("")
                            .replace("GetSubjectOfCareSchedule", "GetAvailableDates")
                            .getBytes(UTF_8))),
        Arguments.of(
            "a fault with HTTP 200",
            "fault",
            (Answers)
                resident ->
                    bytes(
                        "text/xml",
                        ("<s:Envelope"
                                + " xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
                                + "<s:Fault><faultcode>s:Server</faultcode><faultstring>"
                                + resident
                                + "</faultstring></s:Fault></s:Body></s:Envelope>")
                            .getBytes(UTF_8))),
        Arguments.of(
            "SOAP 1.2",
            "malformed",
            (Answers)
                resident ->
                    bytes(
                        "application/soap+xml",
                        envelope("")
                            .replace(
                                "http://schemas.xmlsoap.org/soap/envelope/",
                                "http://www.w3.org/2003/05/soap-envelope")
                            .getBytes(UTF_8))),
        Arguments.of(
            "a good answer with HTTP 500",
            "http-error",
            (Answers) resident -> status(500, "text/xml", envelope("").getBytes(UTF_8))),
        Arguments.of(
            "a connection closed in the middle",
            "refused",
            (Answers)
                resident ->
                    exchange -> {
                      byte[] body =
                          envelope(item("B1", "20270201090000", resident, "")).getBytes(UTF_8);
                      exchange.getResponseHeaders().add("Content-Type", "text/xml");
                      exchange.sendResponseHeaders(200, body.length);
                      exchange.getResponseBody().write(body, 0, body.length / 2);
                    }),
        Arguments.of(
            "an answer that ends in the middle",
            "malformed",
            (Answers)
                resident -> {
                  String whole = envelope(item("B1", "20270201090000", resident, ""));
                  return bytes("text/xml", whole.substring(0, 400).getBytes(UTF_8));
                }),
        Arguments.of(
            "17 MB",
            "too-large",
            plain("<c:reason>" + "å".repeat(17 * 1024 * 1024 / 2) + "</c:reason>")),
        Arguments.of(
            "17 MB that come as 17 kB",
            "too-large",
            gzip("<c:reason>" + "a".repeat(17 * 1024 * 1024) + "</c:reason>")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusable")
  void namesTheReasonOfAnAnswerThatCannotBeUsed(String what, String reason, Answers given) {
    // given
    producer.answers(given.about(resident));

    // when
    JsonNode answer = caller.bookings(resident, "", "Prefer", "wait=15");

    // then
    assertFailed(answer, reason);
    assertThat(answer.toString()).doesNotContain(resident);
    producer.answers(answer(item("AFTER", "20270201090000", resident, "")));
    assertThat(bookingIds(caller.bookings(resident, "", "Prefer", "wait=15")))
        .containsExactly("AFTER");
    assertThat(caller.inFlight(ID)).isZero();
  }

  static Stream<String> extensions() {
    return Stream.of(
        "<x:more xmlns:x=\"urn:x\" x:a=\"1 &amp; &quot;2&quot;\" b=\"ö\"><x:b/>t&amp;&lt;</x:more>",
        "<more xmlns=\"urn:y\"><inner xmlns=\"\">text</inner></more>",
        "<soap:more>1</soap:more>",
        "<e:more soap:mustUnderstand=\"0\" xml:lang=\"sv\">1</e:more>",
        "<q:more xmlns:q=\"urn:q\" xmlns:t=\"urn:t\" q:type=\"t:kind\">1</q:more>",
        "<e:more>a]]&gt;b &#13; \uD83D\uDE00 \u00A0</e:more>",
        "<e:more><![CDATA[<not> & markup]]></e:more>",
        "<e:more><!-- a remark --><?do it?>1</e:more>");
  }

  @ParameterizedTest
  @MethodSource("extensions")
  void theSoapAnswerKeepsWhatTheProducerWrote(String extension) throws Exception {
    // given
    String items = item("B1", "20270201090000", resident, extension);
    producer.answers(answer(items));

    // when
    HttpResponse<String> response = Consumers.ask(caller, Consumers.headers(), resident);

    // then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    SoapXml given = SoapXml.parse(envelope(items));
    SoapXml got = SoapXml.parse(response.body());
    assertThat(SoapXml.canonical(got.first(SoapXml.RESPONDER, "timeslotDetail")))
        .isEqualTo(SoapXml.canonical(given.first(SoapXml.RESPONDER, "timeslotDetail")));
    assertThat(bookingIds(caller.bookings(resident, ""))).containsExactly("B1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<?xml version=\"1.1\"?>%s",
        "<?xml version=\"1.0\" standalone=\"yes\"?><!-- hello --><?pi?>%s<!-- bye -->"
      })
  void whatStandsAroundTheEnvelopeBreaksNoAnswer(String document) throws Exception {
    // given
    producer.answers(
        bytes(
            "text/xml;charset=UTF-8",
            document
                .formatted(
                    envelope(
                        item("B1", "20270201090000", resident, "<c:purpose>a\u0085b</c:purpose>")))
                .getBytes(UTF_8)));

    // when
    HttpResponse<String> response = Consumers.ask(caller, Consumers.headers(), resident);

    // then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(SoapXml.parse(response.body()).texts(SoapXml.HEADERS, "statusCode")).hasSize(1);
  }

  @Test
  void xmlElevenCannotSmuggleAControlCharacterIntoTheSoapAnswer() throws Exception {
    // given
    producer.answers(
        bytes(
            "text/xml;charset=UTF-8",
            ("<?xml version=\"1.1\"?>"
                    + envelope(
                        item("B1", "20270201090000", resident, "<c:purpose>a&#1;b</c:purpose>")))
                .getBytes(UTF_8)));

    // when
    HttpResponse<String> response = Consumers.ask(caller, Consumers.headers(), resident);

    // then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(SoapXml.parse(response.body()).texts(SoapXml.HEADERS, "statusCode")).hasSize(1);
  }

  @Test
  void anEngagementThatIsDeletedIsNotAskedAnyMore() {
    // given
    String other = Residents.withoutBookings(2);
    index.add(other, ADDRESS);
    producer.answers(answer(""));
    JsonNode before = caller.bookings(other, "");

    // when
    index.delete(other, ADDRESS);
    JsonNode after = caller.bookings(other, "");

    // then
    assertThat(HttpCaller.sources(before)).containsExactly(ADDRESS);
    assertThat(after.path("sources")).isEmpty();
    assertThat(after.path("complete").asBoolean()).isTrue();
    assertThat(producer.received()).hasSize(1);
    assertThat(Consumers.findContent(caller, other)).doesNotContain(ADDRESS);
  }

  @Test
  void anAddressThatNobodyAnswersForIsAGap() {
    // given
    String other = Residents.withoutBookings(3);
    index.add(other, "SE5565594230-NOBODY");

    // when
    JsonNode answer = caller.bookings(other, "");

    // then
    index.delete(other, "SE5565594230-NOBODY");
    assertThat(answer.path("complete").asBoolean()).isFalse();
    JsonNode source = HttpCaller.source(answer, "SE5565594230-NOBODY");
    assertThat(source.path("outcome").asString()).isEqualTo("FAILED");
    assertThat(source.path("reason").asString()).isEqualTo("no-route");
  }

  private static void assertFailed(JsonNode answer, String reason) {
    JsonNode source = HttpCaller.source(answer, ADDRESS);
    assertThat(source.path("outcome").asString()).isEqualTo("FAILED");
    assertThat(source.path("reason").asString()).isEqualTo(reason);
    assertThat(answer.path("items")).isEmpty();
    assertThat(answer.path("complete").asBoolean()).isFalse();
  }

  private static List<String> bookingIds(JsonNode answer) {
    return answer
        .path("items")
        .valueStream()
        .map(item -> item.path("bookingId").asString())
        .toList();
  }

  /** What is answered, given the resident asked about. */
  @FunctionalInterface
  interface Answers {
    HttpHandler about(String resident);
  }

  private static Answers plain(String more) {
    return charset("text/xml; charset=UTF-8", "", UTF_8, more);
  }

  private static Answers charset(
      String contentType, String prologue, java.nio.charset.Charset charset, String more) {
    return resident ->
        bytes(
            contentType,
            (prologue + envelope(item("B1", "20270201090000", resident, more))).getBytes(charset));
  }

  private static Answers gzip(String more) {
    return resident ->
        exchange -> {
          ByteArrayOutputStream packed = new ByteArrayOutputStream();
          try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(envelope(item("B1", "20270201090000", resident, more)).getBytes(UTF_8));
          }
          exchange.getResponseHeaders().add("Content-Encoding", "gzip");
          bytes("text/xml; charset=UTF-8", packed.toByteArray()).handle(exchange);
        };
  }
}
