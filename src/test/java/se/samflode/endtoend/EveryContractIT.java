package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.RequestBody;
import se.samflode.contract.RequestEnvelope;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;
import se.samflode.testing.RunningSystem;

/** What holds for every contract of the catalogue, since all follow from their descriptors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryContractIT {

  private static final Contracts CONTRACTS = new Contracts();
  private static final String ONE = "SE5565594230-ONE";
  private static final String TWO = "SE5565594230-TWO";
  private static final String TIMEOUTS = "{ connect: 2s, call: 3s }";

  private final HttpCaller caller = new HttpCaller();
  private final IndexUpdates index = new IndexUpdates(caller);
  private final RawProducer one = new RawProducer();
  private final RawProducer two = new RawProducer();
  private final Registry registry = new Registry();
  private final String resident = Residents.withoutBookings(2);
  private final String someoneElse = Residents.withoutBookings(3);

  @AfterAll
  void remove() {
    registry.close();
    one.close();
    two.close();
  }

  static List<Contract> contracts() {
    return CONTRACTS.all();
  }

  /** Those whose requests are sent on; the others' are rebuilt for each call. */
  static Stream<Contract> sentOn() {
    return contracts().stream().filter(contract -> contract.request().address() == null);
  }

  static Stream<Contract> withResult() {
    return contracts().stream().filter(contract -> contract.result() != null);
  }

  static Stream<Arguments> withSourceSystem() {
    return limitedBy(Contract.Request::sourceSystem);
  }

  static Stream<Arguments> withCareUnit() {
    return limitedBy(Contract.Request::careUnit);
  }

  static Stream<Arguments> withLimit() {
    return Stream.concat(withCareUnit(), withSourceSystem());
  }

  /** Contracts with the path of a limit that their requests may have. */
  private static Stream<Arguments> limitedBy(Function<Contract.Request, @Nullable String> limit) {
    return contracts().stream()
        .flatMap(contract ->
            Stream.ofNullable(limit.apply(contract.request()))
                .map(path -> Arguments.of(contract, path)));
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void putsTogetherWhatItsProducersSay(Contract contract) throws Exception {
    // given
    one.answers(answer(contract, item(contract, resident, "SE-UNIT-1"), "OK", "come fasting"));
    two.answers(answer(contract, item(contract, resident, "SE-UNIT-2"), "INFO", ""));

    // when
    SoapXml response = SoapXml.parse(ask(contract, request(contract)).body());

    // then
    String own = contract.interaction().namespace();
    assertThat(response.elements(own, contract.item().element())).hasSize(2);
    assertThat(response.texts(SoapXml.HEADERS, "logicalAddress")).containsExactly(ONE, TWO);
    assertThat(response.texts(SoapXml.HEADERS, "statusCode")).containsOnly("DataFromSource");
    assertThat(response.texts(SoapXml.EXTENSION, "complete")).containsExactly("true");
    SoapXml.assertValid(response.first(SoapXml.HEADERS, "ProcessingStatus"), SoapXml.OWN_HEADERS);
    Contract.Result result = contract.result();
    boolean told = result != null && !result.aggregated().isEmpty();
    assertThat(response.elements(own, "result")).hasSize(told ? 1 : 0);
    if (told && result != null) {
      assertThat(response.texts(contract.core(), "resultCode")).containsExactly("INFO");
      assertThat(response.texts(contract.core(), result.text()))
          .containsExactly("Region Extra, tidbok: come fasting");
    }
    assertThat(response.texts(SoapXml.EXTENSION, "message"))
        .isEqualTo(result == null ? List.of() : List.of("come fasting"));
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void asksItsProducersWithAValidRequest(Contract contract) throws Exception {
    // given
    one.answers(answer(contract, "", "OK", ""));

    // when
    ask(contract, request(contract));

    // then
    RawProducer.Received call = one.received().getFirst();
    assertThat(call.header("SOAPAction"))
        .isEqualTo("\"" + contract.interaction().soapAction() + "\"");
    SoapXml request = SoapXml.parse(call.body());
    assertThat(request.texts("urn:riv:itintegration:registry:1", "LogicalAddress"))
        .containsExactly(ONE);
    SoapXml.assertValid(
        request.bodyElement(),
        contract
            .interaction()
            .wsdl()
            .replaceFirst("Interaction_(.*)_RIVTABP21.wsdl", "Responder_$1.xsd"));
  }

  @ParameterizedTest
  @MethodSource("sentOn")
  void sendsOnWhatItDoesNotJudge(Contract contract) throws Exception {
    // given: an element that nobody knows, and a type of identity that nobody has
    one.answers(answer(contract, "", "OK", ""));
    String operation = contract.interaction().operation();
    String request =
        request(contract)
            .replace("1.2.752.129.2.1.3.1", "1.2.3.4")
            .replace(
                "</r:" + operation + ">",
                "<x:more xmlns:x='urn:x' x:a='1'>of it</x:more></r:" + operation + ">");

    // when
    ask(contract, request);

    // then
    SoapXml sent = SoapXml.parse(one.received().getFirst().body());
    assertThat(sent.texts("urn:x", "more")).containsExactly("of it");
    String type = contract.request().resident().type();
    if (type != null) {
      assertThat(sent.texts(contract.core(), type)).containsExactly("1.2.3.4");
    }
  }

  @ParameterizedTest
  @MethodSource("sentOn")
  void sendsOnTheNamesOfTheBodyWhateverTheHeaderCallsSo(Contract contract) throws Exception {
    // given
    one.answers(answer(contract, "", "OK", ""));
    String own = " xmlns:r=\"" + contract.interaction().namespace() + "\"";
    String request = request(contract);
    assertThat(request).contains(own);
    String envelope = request.replace(own, "").replaceFirst(":Envelope ", ":Envelope" + own + " ");
    String header =
        envelope.replaceFirst(":Header>", ":Header xmlns:r=\"urn:riv:itintegration:registry:1\">");
    assertThat(header).isNotEqualTo(envelope);

    // when
    ask(contract, header);

    // then
    assertThat(SoapXml.parse(one.received().getFirst().body()).bodyElement().getNamespaceURI())
        .isEqualTo(contract.interaction().namespace());
  }

  @ParameterizedTest
  @MethodSource("withResult")
  void aResultThatSaysErrorIsNoAnswer(Contract contract) throws Exception {
    // given
    one.answers(answer(contract, item(contract, resident, "SE-UNIT-1"), "ERROR", "closed"));
    two.answers(answer(contract, "", "OK", ""));

    // when
    SoapXml response = SoapXml.parse(ask(contract, request(contract)).body());

    // then
    assertThat(response.elements(contract.interaction().namespace(), contract.item().element()))
        .isEmpty();
    assertThat(response.texts(SoapXml.HEADERS, "statusCode"))
        .containsExactly("NoDataSynchFailed", "DataFromSource");
    assertThat(response.texts(SoapXml.HEADERS, "code")).containsExactly("500");
    assertThat(response.texts(SoapXml.EXTENSION, "message")).containsExactly("closed");
    assertThat(response.texts(SoapXml.EXTENSION, "complete")).containsExactly("false");
  }

  Stream<Arguments> badAnswers() {
    return Stream.concat(answersAboutSomebodyElse(), brokenAnswers());
  }

  @Test
  void aRecordWrittenUnderALinkedIdentityIsTheResidents() throws Exception {
    // given
    Contract contract =
        contracts().stream()
            .filter(c -> c.name().equals("GetLaboratoryOrderOutcome 4"))
            .findFirst()
            .orElseThrow();
    JdbcClient database =
        JdbcClient.create(RunningSystem.get().application().getBean(DataSource.class));
    one.answers(answer(contract, item(contract, someoneElse, "SE-UNIT-1"), "OK", ""));
    two.answers(answer(contract, "", "OK", ""));

    // when
    SoapXml before = SoapXml.parse(ask(contract, request(contract)).body());
    database
        .sql("INSERT INTO identity_link (identity, linked_to, person) VALUES (:old, :new, :new)")
        .param("old", someoneElse)
        .param("new", resident)
        .update();
    SoapXml linked;
    try {
      linked = SoapXml.parse(ask(contract, request(contract)).body());
    } finally {
      database.sql("DELETE FROM identity_link WHERE identity = ?").param(someoneElse).update();
    }

    // then
    assertThat(before.texts(SoapXml.HEADERS, "statusCode")).contains("NoDataSynchFailed");
    assertThat(linked.texts(SoapXml.HEADERS, "statusCode")).containsOnly("DataFromSource");
    assertThat(linked.elements(contract.interaction().namespace(), contract.item().element()))
        .hasSize(1);
  }

  private Stream<Arguments> answersAboutSomebodyElse() {
    return contracts().stream()
        .map(contract ->
            Arguments.of(
                contract,
                "someone else's item",
                answer(
                    contract,
                    item(contract, resident, "SE-UNIT-1")
                        + item(contract, someoneElse, "SE-UNIT-1"),
                    "OK",
                    ""),
                "wrong-resident"));
  }

  private Stream<Arguments> brokenAnswers() {
    return contracts().stream()
        .flatMap(contract -> {
          String good = envelope(contract, item(contract, resident, "SE-UNIT-1"), "OK", "");
          byte[] bytes = good.getBytes(UTF_8);
          Contract other =
              contracts().get((contracts().indexOf(contract) + 1) % contracts().size());
          return Stream.of(
              Arguments.of(contract, "a cut answer", xml(cut(bytes)), "malformed"),
              Arguments.of(
                  contract,
                  "another contract",
                  xml(envelope(other, "", "OK", "").getBytes(UTF_8)),
                  "wrong-contract"),
              Arguments.of(
                  contract,
                  "a wrong charset",
                  xml(good.replace("<s:Body>", "<s:Body><!-- Vård -->").getBytes(ISO_8859_1)),
                  "malformed"),
              Arguments.of(
                  contract,
                  "gzip that is none",
                  (HttpHandler)
                      exchange -> {
                        exchange.getResponseHeaders().add("Content-Encoding", "gzip");
                        xml(bytes).handle(exchange);
                      },
                  "malformed"),
              Arguments.of(
                  contract,
                  "a bomb of entities",
                  xml(("<!DOCTYPE x [<!ENTITY a 'aaaa'>]>" + good).getBytes(UTF_8)),
                  "malformed"));
        });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  void badAnswers(Contract contract, String what, HttpHandler answer, String reason)
      throws Exception {
    // given
    one.answers(answer);
    two.answers(answer(contract, item(contract, resident, "SE-UNIT-2"), "OK", ""));

    // when
    SoapXml response = SoapXml.parse(ask(contract, request(contract)).body());

    // then
    assertThat(response.elements(contract.interaction().namespace(), contract.item().element()))
        .as(what)
        .hasSize(1);
    assertThat(response.texts(SoapXml.HEADERS, "text"))
        .singleElement()
        .asString()
        .startsWith(reason + ": ");
    assertThat(response.texts(SoapXml.EXTENSION, "complete")).containsExactly("false");
  }

  Stream<Arguments> badRequests() {
    return contracts().stream()
        .flatMap(contract -> {
          String good = request(contract);
          String own = contract.interaction().namespace();
          String operation = contract.interaction().operation();
          Contract other =
              contracts().get((contracts().indexOf(contract) + 1) % contracts().size());
          String body = "The SOAP body must have the element {" + own + "}" + operation;
          String unreadable = "The request is not well-formed XML within the limits";
          return Stream.of(
              Arguments.of(contract, "a wrong namespace", good.replace(own, own + "0"), body),
              Arguments.of(contract, "another contract", request(other), body),
              Arguments.of(
                  contract,
                  "no resident",
                  good.replace(resident, " "),
                  contract.request().resident().path() + " is mandatory"),
              Arguments.of(
                  contract,
                  "too long a resident",
                  good.replace(resident, "1".repeat(33)),
                  contract.request().resident().path() + " is mandatory"),
              Arguments.of(
                  contract, "a cut request", good.substring(0, good.length() - 20), unreadable),
              Arguments.of(
                  contract,
                  "a bomb of entities",
                  good.replaceFirst("<soap", "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><soap"),
                  "A document type declaration (DOCTYPE) is not accepted"),
              Arguments.of(
                  contract, "an undeclared entity", good.replace(resident, "&secret;"), unreadable),
              Arguments.of(
                  contract,
                  "too much",
                  good.replace(
                      "</soap:Body>", "<x>" + "y".repeat(11 * 1024 * 1024) + "</x></soap:Body>"),
                  "The request is larger than 10 MB"));
        });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  void badRequests(Contract contract, String what, String request, String fault) {
    // given: the request

    // when
    HttpResponse<String> response =
        caller.soap(contract.interaction().path(), request, Consumers.headers());

    // then
    assertThat(response.statusCode()).as(what).isEqualTo(500);
    assertThat(response.body()).contains(">" + fault).doesNotContain("Exception", resident);
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void asksForTheHeadersOfTheProfile(Contract contract) {
    // when
    HttpResponse<String> response =
        caller.soap(contract.interaction().path(), request(contract), Map.of());

    // then
    assertThat(response.body())
        .contains(
            """
            Mandatory HTTP header x-vp-sender-id is missing
            Mandatory HTTP header x-rivta-original-serviceconsumer-hsaid is missing
            Mandatory HTTP header x-skltp-correlation-id is missing
            """);
  }

  @ParameterizedTest
  @MethodSource("withSourceSystem")
  void asksOnlyTheSourceSystemThatIsNamed(Contract contract, String path) throws Exception {
    // given
    one.answers(answer(contract, item(contract, resident, "SE-UNIT-1"), "OK", ""));
    two.answers(answer(contract, item(contract, resident, "SE-UNIT-2"), "OK", ""));
    String limited = limited(contract, path, TWO.toLowerCase(Locale.ROOT));

    // when
    SoapXml response = SoapXml.parse(ask(contract, limited).body());

    // then
    assertThat(one.received()).isEmpty();
    assertThat(response.texts(SoapXml.HEADERS, "logicalAddress")).containsExactly(TWO);
    assertThat(response.texts(SoapXml.EXTENSION, "complete")).containsExactly("true");
  }

  @ParameterizedTest
  @MethodSource("withCareUnit")
  void showsNoOtherCareUnitThanIsAskedFor(Contract contract, String path) throws Exception {
    // given
    one.answers(answer(contract, item(contract, resident, "SE-UNIT-1"), "OK", ""));
    String ofNobodys = item(contract, resident, " ");
    two.answers(answer(contract, item(contract, resident, "SE-UNIT-2") + ofNobodys, "OK", ""));

    // when
    SoapXml response = SoapXml.parse(ask(contract, limited(contract, path, "SE-UNIT-2")).body());

    // then
    assertThat(response.elements(contract.interaction().namespace(), contract.item().element()))
        .hasSize(2);
    assertThat(one.received().getFirst().body()).contains("SE-UNIT-2");
  }

  @ParameterizedTest
  @MethodSource("withLimit")
  void takesAnEmptyLimitForNone(Contract contract, String path) throws Exception {
    // given
    one.answers(answer(contract, item(contract, resident, "SE-UNIT-1"), "OK", ""));
    two.answers(answer(contract, item(contract, resident, "SE-UNIT-2"), "OK", ""));

    // when
    SoapXml response = SoapXml.parse(ask(contract, limited(contract, path, "")).body());

    // then
    assertThat(response.elements(contract.interaction().namespace(), contract.item().element()))
        .hasSize(2);
    assertThat(response.texts(SoapXml.HEADERS, "logicalAddress")).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("withCareUnit")
  void asksNoSourceWhoseContentIsIndexedUnderAnotherCareUnit(Contract contract, String path)
      throws Exception {
    // given
    registry.write(
        registry.original()
            + Registry.producer("raw-one", one.url(), ONE, TIMEOUTS, contract.name()));
    one.answers(answer(contract, item(contract, resident, "SE-UNIT-1"), "OK", ""));
    index.send(resident, "SE-UNIT-1", contract, ONE, false);
    List<List<String>> asked = new ArrayList<>();

    // when
    try {
      for (String unit : List.of("SE-UNIT-2", "se-unit-1")) {
        String request = limited(contract, path, unit);
        asked.add(
            SoapXml.parse(
                    caller.soap(contract.interaction().path(), request, Consumers.headers()).body())
                .texts(SoapXml.HEADERS, "logicalAddress"));
      }
    } finally {
      index.send(resident, "SE-UNIT-1", contract, ONE, true);
    }

    // then
    assertThat(asked).containsExactly(List.of(), List.of(ONE));
    assertThat(one.received()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("withCareUnit")
  void asksASourceWhoseContentIsIndexedUnderAUnitAboveTheOneAskedFor(Contract contract, String path)
      throws Exception {
    // given
    String parent = "SE2321000255-B010";
    registry.write(
        registry.original()
            + Registry.producer("raw-one", one.url(), ONE, TIMEOUTS, contract.name()));
    one.answers(answer(contract, item(contract, resident, "SE2321000255-B011"), "OK", ""));
    index.send(resident, parent, contract, ONE, false);

    // when
    SoapXml response;
    try {
      String request = limited(contract, path, "SE2321000255-B011");
      response =
          SoapXml.parse(
              caller.soap(contract.interaction().path(), request, Consumers.headers()).body());
    } finally {
      index.send(resident, parent, contract, ONE, true);
    }

    // then
    assertThat(response.texts(SoapXml.HEADERS, "logicalAddress")).containsExactly(ONE);
    assertThat(response.elements(contract.interaction().namespace(), contract.item().element()))
        .hasSize(1);
  }

  @Test
  void refusesAPageOfOneProducer() {
    // given
    Contract contract = CONTRACTS.named("GetCareDocumentation 3");
    String request =
        request(contract)
            .replace(
                "</r:GetCareDocumentation>",
                "<r:hasMoreReference>p2</r:hasMoreReference></r:GetCareDocumentation>");

    // when
    HttpResponse<String> response =
        caller.soap(contract.interaction().path(), request, Consumers.headers());

    // then
    assertThat(response.body()).contains(">hasMoreReference must not be sent to an aggregating");
  }

  private HttpResponse<String> ask(Contract contract, String request) {
    String name = contract.name();
    registry.write(
        registry.original()
            + Registry.producer("raw-one", one.url(), ONE, TIMEOUTS, name)
            + Registry.producer("raw-two", two.url(), TWO, TIMEOUTS, name));
    index.add(resident, ONE, contract);
    index.add(resident, TWO, contract);
    try {
      HttpResponse<String> response =
          caller.soap(contract.interaction().path(), request, Consumers.headers());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return response;
    } finally {
      index.delete(resident, ONE, contract);
      index.delete(resident, TWO, contract);
    }
  }

  private String request(Contract contract) {
    return new String(
        RequestEnvelope.of(
            RequestBody.ofEverything(contract),
            new LogicalAddress("SE-ANY"),
            new PersonId(resident),
            null,
            null),
        UTF_8);
  }

  /** A request with one more child; producers of ours do not mind where it stands. */
  private String limited(Contract contract, String path, String value) {
    List<String> steps = List.of(path.split("/", -1));
    String inner =
        steps.size() == 1
            ? value
            : "<c:%1$s xmlns:c='%2$s'>%3$s</c:%1$s>"
                .formatted(steps.get(1), contract.core(), value);
    String operation = contract.interaction().operation();
    return request(contract)
        .replace(
            "</r:" + operation + ">",
            "<r:%1$s>%2$s</r:%1$s></r:%3$s>".formatted(steps.getFirst(), inner, operation));
  }

  private static HttpHandler answer(Contract contract, String items, String code, String text) {
    return xml(envelope(contract, items, code, text).getBytes(UTF_8));
  }

  private static String envelope(Contract contract, String items, String code, String text) {
    Contract.Result result = contract.result();
    String told =
        result == null
            ? ""
            : """
            <q:result xmlns:q="%s"><c:resultCode>%s</c:resultCode>%s</q:result>\
            """
                .formatted(
                    result.namespace() == null
                        ? contract.interaction().namespace()
                        : result.namespace(),
                    code,
                    text.isEmpty() ? "" : "<c:%1$s>%2$s</c:%1$s>".formatted(result.text(), text));
    return """
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>\
    <r:%1$sResponse xmlns:r="%2$s" xmlns:c="%3$s">%4$s%5$s</r:%1$sResponse></s:Body></s:Envelope>\
    """
        .formatted(
            contract.interaction().operation(),
            contract.interaction().namespace(),
            contract.core(),
            items,
            told);
  }

  /** An item that says no more than the descriptor knows of. */
  private static String item(Contract contract, String resident, String careUnit) {
    Contract.Item item = contract.item();
    return "<r:%1$s>%2$s%3$s</r:%1$s>"
        .formatted(
            item.element(),
            nested(item.resident(), resident),
            item.careUnit() == null ? "" : nested(item.careUnit(), careUnit));
  }

  private static String nested(String path, String text) {
    List<String> steps = List.of(path.split("/", -1));
    String open = steps.stream().map(s -> "<c:" + s + ">").collect(Collectors.joining());
    String close =
        steps.reversed().stream().map(s -> "</c:" + s + ">").collect(Collectors.joining());
    return open + text + close;
  }

  private static HttpHandler xml(byte[] bytes) {
    return RawProducer.bytes("text/xml; charset=UTF-8", bytes);
  }

  private static byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length - 30);
  }
}
