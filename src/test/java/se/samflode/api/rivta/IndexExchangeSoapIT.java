package se.samflode.api.rivta;

import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.api.rivta.SoapApplication.FIND_PATH;
import static se.samflode.api.rivta.SoapApplication.INDEX;
import static se.samflode.api.rivta.SoapApplication.NOTIFICATION_PATH;
import static se.samflode.api.rivta.SoapApplication.RESIDENT;
import static se.samflode.api.rivta.SoapApplication.UPDATES_PATH;
import static se.samflode.api.rivta.SoapApplication.UPDATE_PATH;
import static se.samflode.api.rivta.SoapApplication.find;
import static se.samflode.api.rivta.SoapApplication.notification;
import static se.samflode.api.rivta.SoapApplication.transaction;
import static se.samflode.api.rivta.SoapApplication.update;
import static se.samflode.api.rivta.SoapApplication.updates;

import jakarta.xml.ws.Dispatch;
import jakarta.xml.ws.Service;
import jakarta.xml.ws.handler.MessageContext;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** ProcessNotification and GetUpdates: what indexes and source systems tell each other. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.profiles.active=demo",
      "samflode.index.hsa-id=" + INDEX,
      "samflode.trusted-proxies=127.0.0.0/8,::1",
      "management.server.port=0"
    })
@ExtendWith(OutputCaptureExtension.class)
class IndexExchangeSoapIT {

  private static final String OTHER_INDEX = "SE2321000016-EI02";
  private static final String INVALID = "EI004: The payload does not validate, error messge: ";
  private static final String TECHNICAL = "EI000: A technical error has occurred, error message: ";
  private static final String LONG_AGO =
      "<g:serviceDomain>riv:crm:scheduling</g:serviceDomain>"
          + "<g:timeStamp>19000101000000</g:timeStamp>";

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
  void findsWhatAnotherIndexHasToldUnderItsOwnOwner() {
    // given
    String told =
        notification(
            told("booking-1", OTHER_INDEX)
                .replace(
                    "<c:dataController>",
                    "<c:creationTime>19990101000000</c:creationTime><c:dataController>"));

    // when
    HttpResponse<String> acknowledged = soap.post(NOTIFICATION_PATH, told);
    HttpResponse<String> found = soap.post(FIND_PATH, find(""));

    // then
    assertThat(acknowledged.statusCode()).as(acknowledged.body()).isEqualTo(200);
    assertThat(acknowledged.body()).contains(">OK</").doesNotContain("comment");
    assertThat(found.body())
        .contains("<core:owner>" + OTHER_INDEX)
        .contains("<core:creationTime>20")
        .doesNotContain("19990101000000");
  }

  @Test
  void dropsWhatIsItsOwnAndKeepsTheRest() {
    // given
    String both = notification(told("ours", INDEX) + told("theirs", OTHER_INDEX));
    String ours = notification(told("ours", INDEX));

    // when
    HttpResponse<String> first = soap.post(NOTIFICATION_PATH, both);
    HttpResponse<String> second = soap.post(NOTIFICATION_PATH, ours);

    // then
    assertThat(List.of(first.statusCode(), second.statusCode())).containsOnly(200);
    assertThat(stored()).containsExactly("theirs " + OTHER_INDEX);
    assertThat(changes()).isEqualTo(1);
  }

  @Test
  void takesOverARowOfItsOwnButNoneOfAThirdOwner(CapturedOutput output) {
    // given
    soap.post(UPDATE_PATH, update(transaction("booking-1") + transaction("booking-2")));
    soap.post(NOTIFICATION_PATH, notification(told("booking-1", "SE2321000016-EI03")));

    // when
    HttpResponse<String> answer =
        soap.post(NOTIFICATION_PATH, notification(told("booking-1", OTHER_INDEX)));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(stored())
        .containsExactlyInAnyOrder(
            "booking-1 " + OTHER_INDEX, "booking-1 SE2321000016-EI03", "booking-2 " + INDEX);
    assertThat(output).contains("event=\"index.taken-over\"").contains("engagements=\"1\"");
  }

  @Test
  void tellsOnChangesOnlySoThatCirclesEnd() {
    // given
    String told = notification(told("booking-1", OTHER_INDEX));
    String gone =
        told.replace("<c:deleteFlag>false", "<c:deleteFlag>true").replace("booking-1", "not-there");

    // when
    soap.post(NOTIFICATION_PATH, told);
    soap.post(NOTIFICATION_PATH, told);
    soap.post(NOTIFICATION_PATH, gone);

    // then
    assertThat(changes()).isEqualTo(1);
    assertThat(database.sql("SELECT DISTINCT version FROM version").query(Long.class).list())
        .as("every accepted transaction raises what it names")
        .containsExactly(3L);
  }

  static Stream<Arguments> refusedNotifications() {
    String good = notification(told("booking-1", OTHER_INDEX));
    return Stream.of(
        Arguments.of(
            "no owner",
            notification(transaction("booking-1")),
            INVALID + "mandatory field \"owner\" is missing"),
        Arguments.of(
            "a long owner",
            good.replace(OTHER_INDEX, "x".repeat(65)),
            INVALID + "Field \"owner\" is to long"),
        Arguments.of(
            "white space",
            good.replace(">Booking<", "> Booking<"),
            INVALID
                + "mandatory field \"categorization\" contains white space in beginning or end"),
        Arguments.of(
            "no source system",
            good.replace("SE2321000016-S001", ""),
            INVALID + "mandatory field \"sourceSystem\" is missing"),
        Arguments.of(
            "a reserved logical address",
            good.replace("SE2321000016-A001", INDEX),
            "EI005: The logicalAddress in EngagementTransaction #1 is reserved and not allowed,"
                + " hsa-id: "
                + INDEX),
        Arguments.of(
            "a reserved source system",
            good.replace("SE2321000016-S001", INDEX),
            "EI006: The sourceSystem in EngagementTransaction #1 is reserved and not allowed,"
                + " hsa-id: "
                + INDEX),
        Arguments.of(
            "a time that is none",
            good.replace("20261124093000", "2026-11-24"),
            "Input date is not according to expected format \"YYYYMMDDhhmmss\": 2026-11-24"),
        Arguments.of(
            "one key twice",
            notification(told("booking-1", OTHER_INDEX).repeat(2)),
            "EI002: EngagementTransaction #1 and #2 have the same key. A key may occur once in a"
                + " request, see rule Update-R1"),
        Arguments.of(
            "one broken among good ones",
            notification(told("booking-1", OTHER_INDEX) + transaction("booking-2")),
            INVALID + "mandatory field \"owner\" is missing"),
        Arguments.of(
            "a delete flag that is none",
            good.replace("<c:deleteFlag>false", "<c:deleteFlag>maybe"),
            "EI001: deleteFlag must be true or false"),
        Arguments.of(
            "nothing", notification(""), TECHNICAL + "The request has less than 1 engagement"),
        Arguments.of(
            "more than a thousand",
            notification(
                String.join(
                    "",
                    IntStream.range(0, 1001).mapToObj(n -> told("b" + n, OTHER_INDEX)).toList())),
            TECHNICAL + "The request has more than 1000 engagements"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refusedNotifications(String what, String request, String expected) {
    // given: the request

    // when
    HttpResponse<String> answer = soap.post(NOTIFICATION_PATH, request);

    // then
    assertFault(answer, expected);
    assertThat(stored()).as(what).isEmpty();
  }

  @Test
  void tellsWhoHasChangedWithAllEngagementsAndAnEmptyListForWhoHasNone() {
    // given
    soap.post(UPDATE_PATH, update(transaction("booking-1") + transaction("booking-2")));
    String other = transaction("booking-3").replace(RESIDENT, "202312312388");
    soap.post(UPDATE_PATH, update(other));
    soap.post(UPDATE_PATH, update(other.replace("<c:deleteFlag>false", "<c:deleteFlag>true")));

    // when
    HttpResponse<String> answer = soap.post(UPDATES_PATH, updates(LONG_AGO));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .contains("<responseIsComplete>true</responseIsComplete>")
        .contains(
            "<registeredResidentEngagement><registeredResidentIdentification>" + RESIDENT + "<")
        .contains("booking-1")
        .contains("booking-2")
        .contains("<core:owner>" + INDEX)
        .contains(
            "<registeredResidentEngagement>"
                + "<registeredResidentIdentification>202312312388</registeredResidentIdentification>"
                + "</registeredResidentEngagement>");
  }

  @Test
  void givesThePageAfterTheResidentNamed() {
    // given
    soap.post(UPDATE_PATH, update(transaction("booking-1")));

    // when
    HttpResponse<String> after = soap.post(UPDATES_PATH, updates(LONG_AGO + lastFetched(RESIDENT)));
    HttpResponse<String> empty = soap.post(UPDATES_PATH, updates(LONG_AGO + lastFetched("")));

    // then
    assertThat(after.body())
        .contains("<responseIsComplete>true</responseIsComplete>")
        .doesNotContain(RESIDENT);
    assertThat(empty.body()).contains(RESIDENT);
  }

  static Stream<Arguments> refusedUpdates() {
    return Stream.of(
        Arguments.of("nothing", "", TECHNICAL + "serviceDomain is mandatory but missing"),
        Arguments.of(
            "no time",
            "<g:serviceDomain>x</g:serviceDomain>",
            TECHNICAL + "timeStamp is mandatory but missing"),
        Arguments.of(
            "an empty domain",
            "<g:serviceDomain/><g:timeStamp>x</g:timeStamp>",
            TECHNICAL + "serviceDomain is mandatory but missing"),
        Arguments.of(
            "a time that is none",
            "<g:serviceDomain>x</g:serviceDomain><g:timeStamp>20260230120000</g:timeStamp>",
            "Input date is not according to expected format \"YYYYMMDDhhmmss\": 20260230120000"),
        Arguments.of(
            "another namespace",
            LONG_AGO.replace("g:serviceDomain", "c:serviceDomain"),
            TECHNICAL + "serviceDomain is mandatory but missing"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refusedUpdates(String what, String content, String expected) {
    // given: the request's content

    // when
    HttpResponse<String> answer = soap.post(UPDATES_PATH, updates(content));

    // then
    assertFault(answer, expected);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void asksForTheCorrelationIdFirst(String path, String body) {
    // given
    var request =
        soap.request(path).header("Content-Type", "text/xml").POST(BodyPublishers.ofString(body));

    // when
    HttpResponse<String> answer = soap.send(request);

    // then
    assertFault(answer, "Mandatory HTTP header x-skltp-correlation-id is missing\n");
  }

  static Stream<Arguments> paths() {
    return Stream.of(
        Arguments.of(NOTIFICATION_PATH, notification("")), Arguments.of(UPDATES_PATH, updates("")));
  }

  @Test
  void answersStockClientsBuiltFromTheDescriptions() throws Exception {
    // given
    String told = notification(told("booking-1", OTHER_INDEX));

    // when
    String acknowledged = invoke("ProcessNotification", NOTIFICATION_PATH, told);
    String updates = invoke("GetUpdates", UPDATES_PATH, updates(LONG_AGO));

    // then
    assertThat(acknowledged).contains("OK");
    assertThat(updates).contains("booking-1").contains("responseIsComplete");
  }

  private String invoke(String operation, String path, String envelope) throws Exception {
    String domain = "urn:riv:itintegration:engagementindex:" + operation + ":1:rivtabp21";
    Service service =
        Service.create(
            URI.create(soap.url(path + "?wsdl")).toURL(),
            new QName(domain, operation + "ResponderService"));
    Dispatch<Source> client =
        service.createDispatch(
            new QName(domain, operation + "ResponderPort"), Source.class, Service.Mode.PAYLOAD);
    client
        .getRequestContext()
        .put(
            MessageContext.HTTP_REQUEST_HEADERS,
            Map.of("x-skltp-correlation-id", List.of("stock-client")));
    String payload =
        envelope
            .replaceAll("(?s).*<soapenv:Body>(.*)</soapenv:Body>.*", "$1")
            .replaceFirst("xmlns:", "xmlns:c=\"urn:riv:itintegration:engagementindex:1\" xmlns:");
    Source answer = client.invoke(new StreamSource(new StringReader(payload)));
    StringWriter text = new StringWriter();
    TransformerFactory.newInstance().newTransformer().transform(answer, new StreamResult(text));
    return text.toString();
  }

  private static String told(String businessObject, String owner) {
    return transaction(
        businessObject, "<c:deleteFlag>false</c:deleteFlag>", "<c:owner>" + owner + "</c:owner>");
  }

  private static String lastFetched(String resident) {
    return "<g:registeredResidentLastFetched>" + resident + "</g:registeredResidentLastFetched>";
  }

  private List<String> stored() {
    return database
        .sql("SELECT business_object_instance_identifier, owner FROM engagement")
        .query((row, number) -> row.getString(1) + " " + row.getString(2))
        .list();
  }

  private long changes() {
    return database.sql("SELECT count(*) FROM change").query(Long.class).single();
  }

  private static void assertFault(HttpResponse<String> answer, String text) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
    assertThat(answer.body())
        .contains("<faultcode>soap:Server</faultcode>")
        .containsPattern("<faultstring[^>]*>" + Pattern.quote(text) + "</faultstring>")
        .doesNotContain("detail");
  }
}
