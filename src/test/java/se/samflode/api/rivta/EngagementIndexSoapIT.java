package se.samflode.api.rivta;

import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.api.rivta.SoapApplication.CORE;
import static se.samflode.api.rivta.SoapApplication.FIND_PATH;
import static se.samflode.api.rivta.SoapApplication.INDEX;
import static se.samflode.api.rivta.SoapApplication.PING_PATH;
import static se.samflode.api.rivta.SoapApplication.RESIDENT;
import static se.samflode.api.rivta.SoapApplication.UPDATE_PATH;
import static se.samflode.api.rivta.SoapApplication.envelope;
import static se.samflode.api.rivta.SoapApplication.find;
import static se.samflode.api.rivta.SoapApplication.transaction;
import static se.samflode.api.rivta.SoapApplication.update;

import jakarta.xml.ws.Dispatch;
import jakarta.xml.ws.Service;
import jakarta.xml.ws.handler.MessageContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import javax.xml.transform.Source;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.profiles.active=demo",
      "samflode.index.hsa-id=" + INDEX,
      "samflode.trusted-proxies=127.0.0.0/8,::1",
      "management.server.port=0"
    })
@ExtendWith(OutputCaptureExtension.class)
class EngagementIndexSoapIT {

  @LocalServerPort private int port;
  @Autowired private JdbcClient database;
  private SoapApplication soap;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    SoapApplication.settings(properties);
  }

  @BeforeEach
  void empty() {
    soap = new SoapApplication(port);
    database.sql("TRUNCATE engagement, version, change").update();
  }

  @Test
  void findsAnEngagementAsSoonAsItsUpdateIsAcknowledged() {
    // given
    HttpResponse<String> acknowledged = soap.post(UPDATE_PATH, update(transaction("booking-1")));

    // when
    HttpResponse<String> found = soap.post(FIND_PATH, find(""));

    // then
    assertThat(acknowledged.statusCode()).as(acknowledged.body()).isEqualTo(200);
    assertThat(acknowledged.body()).contains(">OK</").doesNotContain("comment");
    assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
    assertThat(found.headers().firstValue("content-type").orElseThrow())
        .isEqualToIgnoringCase("text/xml;charset=UTF-8");
    assertThat(found.body())
        .contains("<core:registeredResidentIdentification>" + RESIDENT)
        .contains("<core:owner>" + INDEX)
        .contains("<core:dataController>Region Åland &amp; Öster<")
        .contains("<core:mostRecentContent>20261124093000<")
        .contains("<core:creationTime>20")
        .doesNotContain("updateTime");
  }

  @Test
  void answersNoHitsWithAnEmptyResponse() {
    // given
    String nobody = find("<f:categorization></f:categorization>");

    // when
    HttpResponse<String> found = soap.post(FIND_PATH, nobody);

    // then
    assertThat(found.statusCode()).isEqualTo(200);
    assertThat(found.body()).contains("FindContentResponse").doesNotContain("engagement>");
  }

  @Test
  void addsWhenTheDeleteFlagIsMissingAndPassesUnknownElementsBy() {
    // given
    String lenient =
        update(
            transaction(
                "booking-1",
                "",
                "<c:unknown><c:owner>x</c:owner></c:unknown><x:y xmlns:x='urn:x'>z</x:y>"));

    // when
    HttpResponse<String> answer = soap.post(UPDATE_PATH, lenient);

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(stored()).isEqualTo(1);
  }

  @Test
  void deletes() {
    // given
    soap.post(UPDATE_PATH, update(transaction("booking-1")));

    // when
    HttpResponse<String> answer =
        soap.post(
            UPDATE_PATH, update(transaction("booking-1", "<c:deleteFlag> 1 </c:deleteFlag>", "")));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(stored()).isZero();
  }

  @Test
  void takesAThousandButNotOneMore() {
    // given
    String thousand = transactions(1000);
    String more = transactions(1001);

    // when
    HttpResponse<String> taken = soap.post(UPDATE_PATH, update(thousand));
    HttpResponse<String> refused = soap.post(UPDATE_PATH, update(more));

    // then
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    assertFault(
        refused,
        "EI000: A technical error has occurred, error message: The request has more than 1000"
            + " engagements");
    assertThat(stored()).isEqualTo(1000);
  }

  @Test
  void takesUtf16() {
    // given
    byte[] utf16 =
        ("<?xml version='1.0' encoding='UTF-16'?>" + update(transaction("booking-å")))
            .getBytes(StandardCharsets.UTF_16);

    // when
    HttpResponse<String> answer =
        soap.post(UPDATE_PATH, "text/xml; charset=UTF-16", BodyPublishers.ofByteArray(utf16));
    HttpResponse<String> undeclared =
        soap.post(UPDATE_PATH, "text/xml", BodyPublishers.ofByteArray(utf16));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(undeclared.statusCode()).as(undeclared.body()).isEqualTo(200);
    assertThat(soap.post(FIND_PATH, find("")).body()).contains(">booking-å<");
  }

  @ParameterizedTest
  @MethodSource("actions")
  void takesAnySoapAction(String action) {
    // given
    var request =
        soap.request(UPDATE_PATH)
            .header("Content-Type", "text/xml")
            .header("x-skltp-correlation-id", "test-1")
            .header("SOAPAction", action)
            .POST(BodyPublishers.ofString(update(transaction("booking-1"))));

    // when
    HttpResponse<String> answer = soap.send(request);

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  static List<String> actions() {
    return List.of(
        "\"\"", "\"urn:other\"", "urn:riv:itintegration:engagementindex:UpdateResponder:1:Update");
  }

  @Test
  void asksForTheCorrelationIdBeforeAnythingElse() {
    // given
    var request =
        soap.request(UPDATE_PATH)
            .header("Content-Type", "text/xml")
            .POST(BodyPublishers.ofString(envelope("wrong", emptyUpdate())));

    // when
    HttpResponse<String> answer = soap.send(request);

    // then
    assertFault(answer, "Mandatory HTTP header x-skltp-correlation-id is missing\n");
  }

  @Test
  void refusesAnotherIndexAddressAndShowsNoIdentityNumber() {
    // given
    String misrouted = envelope(RESIDENT, emptyUpdate());

    // when
    HttpResponse<String> answer = soap.post(UPDATE_PATH, misrouted);

    // then
    assertThat(answer.body())
        .contains("EI003: Invalid routing. Logical address is [redacted] but the owner is ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"maybe", "", " "})
  void refusesADeleteFlagThatIsNone(String flag) {
    // given
    String element = "<c:deleteFlag>" + flag + "</c:deleteFlag>";
    String odd = update(transaction("booking-1", element, ""));

    // when
    HttpResponse<String> answer = soap.post(UPDATE_PATH, odd);

    // then
    assertFault(answer, "EI001: deleteFlag must be true or false");
  }

  static Stream<Arguments> badRequests() {
    String good = update(transaction("booking-1"));
    String unreadable = "The request is not well-formed XML within the limits";
    String noEnvelope = "The request is not a SOAP 1.1 envelope with a body";
    String body =
        "The SOAP body must have the element "
            + "{urn:riv:itintegration:engagementindex:UpdateResponder:1}Update";
    String laughs =
        "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;'>]>";
    return Stream.of(
        Arguments.of("nothing", "", unreadable),
        Arguments.of("no XML", "hello", unreadable),
        Arguments.of("JSON", "{\"a\":1}", unreadable),
        Arguments.of("a cut request", good.substring(0, good.length() - 30), unreadable),
        Arguments.of("a cut element", good.substring(0, good.length() / 2), unreadable),
        Arguments.of("rubbish after the envelope", good + "<x/>", unreadable),
        Arguments.of("a wrong end tag", good.replace("</c:engagement>", "</c:x>"), unreadable),
        Arguments.of("an unknown prefix", good.replace("<c:", "<nope:"), unreadable),
        Arguments.of("an unknown entity", good.replace("booking-1", "&secret;"), unreadable),
        Arguments.of(
            "an external entity",
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
                + good.replace("booking-1", "&e;"),
            "A document type declaration (DOCTYPE) is not accepted"),
        Arguments.of(
            "a billion laughs",
            laughs + good.replace("booking-1", "&c;"),
            "A document type declaration (DOCTYPE) is not accepted"),
        Arguments.of(
            "depth",
            good.replace("booking-1", "<a>".repeat(200) + "</a>".repeat(200)),
            "There is an element where only text is expected"),
        Arguments.of(
            "depth in a header",
            good.replace(
                "</soapenv:Header>", "<a>".repeat(200) + "</a>".repeat(200) + "</soapenv:Header>"),
            unreadable),
        Arguments.of(
            "depth in an unknown element",
            good.replace(
                "</c:engagement>", "<a>".repeat(200) + "</a>".repeat(200) + "</c:engagement>"),
            unreadable),
        Arguments.of(
            "too many elements",
            good.replace("</c:engagement>", "<a/>".repeat(200_001) + "</c:engagement>"),
            unreadable),
        Arguments.of(
            "too long a text", good.replace("booking-1", "x".repeat(2 * 1024 * 1024)), unreadable),
        Arguments.of(
            "a namespace of another version",
            good.replace("UpdateResponder:1", "UpdateResponder:2"),
            body),
        Arguments.of("another operation", find(""), body),
        Arguments.of("no body element", envelope(INDEX, ""), body),
        Arguments.of(
            "two body elements",
            good.replace("</soapenv:Body>", "<x/></soapenv:Body>"),
            "The SOAP body has more than one element"),
        Arguments.of("no envelope", "<x/>", noEnvelope),
        Arguments.of(
            "no body", good.replaceAll("(?s)<soapenv:Body>.*</soapenv:Body>", ""), noEnvelope),
        Arguments.of("a misspelt body", good.replace("soapenv:Body", "soapenv:Bodi"), noEnvelope),
        Arguments.of("a misspelt header", good.replace("soapenv:Header", "s:H"), unreadable),
        Arguments.of(
            "a body in the header",
            good.replace("</soapenv:Header>", "")
                .replace("</soapenv:Body>", "</soapenv:Body></soapenv:Header>"),
            body),
        Arguments.of(
            "SOAP 1.2",
            good.replace(
                "http://schemas.xmlsoap.org/soap/envelope/",
                "http://www.w3.org/2003/05/soap-envelope"),
            noEnvelope),
        Arguments.of(
            "elements in the wrong namespace",
            good.replace(CORE, "urn:x"),
            "EI004: The payload does not validate, error messge: mandatory field"
                + " \"registeredResidentIdentification\" is missing"),
        Arguments.of(
            "transactions in the wrong namespace",
            good.replace("u:engagementTransaction", "c:engagementTransaction"),
            "EI000: A technical error has occurred, error message: The request has less than 1"
                + " engagement"),
        Arguments.of(
            "no SOAP header",
            good.replaceAll("(?s)<soapenv:Header>.*</soapenv:Header>", ""),
            "EI003: Invalid routing. Logical address is missing but the owner is " + INDEX),
        Arguments.of(
            "a header that must be understood",
            good.replace(
                "</soapenv:Header>",
                "<x:y xmlns:x='urn:x' soapenv:mustUnderstand='1'/></soapenv:Header>"),
            noEnvelope));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void badRequests(String what, String request, String expected) {
    // given: the request

    // when
    HttpResponse<String> answer = soap.post(UPDATE_PATH, request);

    // then
    assertThat(answer.statusCode()).as(what).isEqualTo(500);
    assertThat(answer.body())
        .contains("<faultcode>soap:Server</faultcode>")
        .contains("<faultstring")
        .contains(">" + expected)
        .doesNotContain("detail")
        .doesNotContain("Exception")
        .doesNotContain("apache")
        .doesNotContain("com.ctc")
        .doesNotContain("root:");
    assertThat(stored()).isZero();
  }

  @Test
  void understandsItsOwnHeader() {
    // given
    String strict =
        update(transaction("booking-1"))
            .replace("<r:LogicalAddress>", "<r:LogicalAddress soapenv:mustUnderstand='1'>");

    // when
    HttpResponse<String> answer = soap.post(UPDATE_PATH, strict);

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void refusesAnotherContentTypeCharsetOrCompression() {
    // given
    var body = BodyPublishers.ofString(update(transaction("booking-1")));

    // when
    HttpResponse<String> json = soap.post(UPDATE_PATH, "application/json", body);
    HttpResponse<String> multipart = soap.post(UPDATE_PATH, "multipart/related;boundary=x", body);
    HttpResponse<String> latin = soap.post(UPDATE_PATH, "text/xml; charset=ISO-8859-1", body);
    HttpResponse<String> declared =
        soap.post(
            UPDATE_PATH,
            "text/xml",
            BodyPublishers.ofString("<?xml version='1.0' encoding='ISO-8859-1'?><x/>"));

    // then
    assertFault(json, "The content type must be text/xml");
    assertFault(multipart, "The content type must be text/xml");
    assertFault(latin, "The request must be in UTF-8 or UTF-16");
    assertFault(declared, "The request must be in UTF-8 or UTF-16");
    assertThat(stored()).isZero();
  }

  @Test
  void refusesARequestBeyondTenMegabytesWithAndWithoutALength() {
    // given
    String filler = "<!--" + "x".repeat(100_000) + "-->";
    String large = update(transaction("booking-1") + filler.repeat(120));

    // when
    HttpResponse<String> measured = soap.post(UPDATE_PATH, large);
    HttpResponse<String> chunked =
        soap.post(UPDATE_PATH, "text/xml", BodyPublishers.ofInputStream(() -> stream(large)));

    // then
    assertFault(measured, "The request is larger than 10 MB");
    assertFault(chunked, "The request is larger than 10 MB");
    assertThat(stored()).isZero();
  }

  @Test
  void tellsNothingOfAFailureOfOursButTheCorrelationId(CapturedOutput output) {
    // given
    database.sql("ALTER TABLE engagement RENAME TO gone").update();

    // when
    HttpResponse<String> answer = soap.post(FIND_PATH, find(""));
    database.sql("ALTER TABLE gone RENAME TO engagement").update();

    // then
    assertFault(answer, "A technical error has occurred, correlation id: test-1");
    assertThat(output).contains("no usable answer").contains("correlationId=\"test-1\"");
    assertThat(output.getAll()).doesNotContain(RESIDENT);
  }

  @Test
  void writesNoIdentityOfARefusedRequestToItsLog(CapturedOutput output) {
    // given
    String resident = "202312312388";
    String hostile =
        update(transaction("&p" + resident + ";")).replace("c:eng", "c" + resident + ":eng");

    // when
    HttpResponse<String> answer = soap.post(UPDATE_PATH, hostile);
    soap.post("/rivta/" + resident, hostile);

    // then
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain(resident);
    assertThat(output.getAll()).contains("answered with a fault").doesNotContain(resident);
  }

  @Test
  void listsNothingAndAnswersOnlyWhereSomethingIsPublished() {
    // given
    List<String> paths =
        List.of(
            "/rivta",
            "/rivta/",
            "/rivta/services",
            "/rivta/itintegration",
            UPDATE_PATH + "/x",
            UPDATE_PATH + "/",
            "/rivta/x?wsdl",
            "/rivta/?stylesheet=1");

    // when
    List<HttpResponse<String>> answers = paths.stream().map(soap::get).toList();

    // then
    assertThat(answers)
        .allSatisfy(answer -> {
          assertThat(answer.statusCode()).as(answer.uri().toString()).isEqualTo(404);
          assertThat(answer.body()).isEqualTo("Nothing here\n");
          assertThat(answer.headers().map()).doesNotContainKey("server");
        });
  }

  @Test
  void answersAGetThatIsNoDescriptionWith405() {
    // given
    List<String> paths = List.of(UPDATE_PATH, UPDATE_PATH + "?x", UPDATE_PATH + "/?wsdl=1&x");

    // when
    HttpResponse<String> plain = soap.get(paths.get(0));
    HttpResponse<String> odd = soap.get(paths.get(1));

    // then
    assertThat(List.of(plain.statusCode(), odd.statusCode())).containsOnly(405);
    assertThat(plain.headers().firstValue("allow")).contains("POST");
  }

  @Test
  void servesADescriptionWithReachableSchemasAndItsOwnAddress() {
    // given
    HttpResponse<String> wsdl = soap.get(UPDATE_PATH + "?wsdl");
    List<String> imports =
        Stream.of(wsdl.body().split("schemaLocation=\"", -1))
            .skip(1)
            .map(rest -> rest.substring(0, rest.indexOf('"')))
            .toList();

    // when
    List<HttpResponse<String>> schemas =
        imports.stream()
            .map(address -> soap.send(java.net.http.HttpRequest.newBuilder(URI.create(address))))
            .toList();

    // then
    assertThat(wsdl.statusCode()).as(wsdl.body()).isEqualTo(200);
    assertThat(wsdl.body()).contains("location=\"" + soap.url(UPDATE_PATH) + "\"");
    assertThat(schemas).hasSize(2);
    assertThat(schemas)
        .allSatisfy(schema -> {
          assertThat(schema.statusCode()).isEqualTo(200);
          assertThat(schema.body()).contains("schema").doesNotContain("schemaLocation=\"..");
        });
  }

  @Test
  void servesNoOtherFileAsASchema() {
    // given
    String path = UPDATE_PATH + "?xsd=../../../../../application.yaml";

    // when
    HttpResponse<String> answer = soap.get(path);

    // then
    assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(answer.body()).doesNotContain("spring").doesNotContain("Exception");
  }

  @Test
  void answersAStockClientBuiltFromTheDescription() throws Exception {
    // given
    soap.post(UPDATE_PATH, update(transaction("booking-1")));
    String domain = "urn:riv:itintegration:engagementindex:FindContent:1:rivtabp21";
    Service service =
        Service.create(
            URI.create(soap.url(FIND_PATH + "?wsdl")).toURL(),
            new QName(domain, "FindContentResponderService"));
    Dispatch<Source> client =
        service.createDispatch(
            new QName(domain, "FindContentResponderPort"), Source.class, Service.Mode.PAYLOAD);
    client
        .getRequestContext()
        .put(
            MessageContext.HTTP_REQUEST_HEADERS,
            Map.of("x-skltp-correlation-id", List.of("stock-client")));

    // when
    Source answer =
        client.invoke(
            new StreamSource(
                new StringReader(
                    find("").replaceAll("(?s).*<soapenv:Body>(.*)</soapenv:Body>.*", "$1"))));

    // then
    StringWriter text = new StringWriter();
    TransformerFactory.newInstance().newTransformer().transform(answer, new StreamResult(text));
    assertThat(text.toString()).contains("booking-1");
  }

  @Test
  void answersPing() {
    // given
    String ping =
        envelope(
            "anything",
            """
            <p:PingForConfiguration xmlns:p="urn:riv:itintegration:monitoring:PingForConfigurationResponder:1">
              <p:serviceContractNamespace>urn:x</p:serviceContractNamespace>
              <p:logicalAddress>x</p:logicalAddress>
            </p:PingForConfiguration>\
            """);

    // when
    HttpResponse<String> answer = soap.post(PING_PATH, ping);

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .containsPattern("<version>[^<]+</version>")
        .containsPattern("<pingDateTime>20[0-9]{12}</pingDateTime>")
        .contains("<name>started</name>");
  }

  private long stored() {
    return database.sql("SELECT count(*) FROM engagement").query(Long.class).single();
  }

  private static String emptyUpdate() {
    return "<u:Update xmlns:u='urn:riv:itintegration:engagementindex:UpdateResponder:1'/>";
  }

  private static String transactions(int count) {
    return String.join(
        "", IntStream.range(0, count).mapToObj(n -> transaction("booking-" + n)).toList());
  }

  private static InputStream stream(String text) {
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                new ByteArrayInputStream(new byte[0]))));
  }

  private static void assertFault(HttpResponse<String> answer, String text) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
    assertThat(answer.body())
        .contains("<faultcode>soap:Server</faultcode>")
        .containsPattern(
            "<faultstring[^>]*>" + java.util.regex.Pattern.quote(text) + "</faultstring>")
        .doesNotContain("detail");
  }
}
