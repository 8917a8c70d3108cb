package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.xml.ws.Dispatch;
import jakarta.xml.ws.Service;
import jakarta.xml.ws.handler.MessageContext;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import javax.xml.transform.Source;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.cxf.headers.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.Fault;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.OriginalSchemas;
import se.samflode.mockregions.Resident.Kind;
import se.samflode.testing.RunningSystem;

/** GetSubjectOfCareSchedule as today's consumers ask for it. */
class ScheduleOverSoapIT {

  private static final String WSDL_NAMESPACE =
      "urn:riv:crm:scheduling:GetSubjectOfCareSchedule:1:rivtabp21";

  private final MockRegions regions = RunningSystem.get().regions();
  private final HttpCaller caller = new HttpCaller();

  @AfterEach
  void restore() {
    regions.restore("stockholm");
    regions.restore("uppsala");
  }

  static Stream<String> residents() {
    return Stream.of(
        Residents.whoShows("in seven regions that all answer"),
        Residents.whoShows("child units"),
        Residents.whoShows("two invitations and a booking"),
        Residents.whoShows("a samordningsnummer with bookings"),
        Residents.with(
            Kind.RESERVE, some -> Residents.HEALTHY.containsAll(Residents.regions(some))));
  }

  @ParameterizedTest(name = "resident {index}")
  @MethodSource("residents")
  void givesEveryBookingInOrderWithARecordForEveryAddress(String resident) throws Exception {
    // given
    List<BookingFact> facts = Residents.bookings(resident);

    // when
    HttpResponse<String> response = Consumers.ask(caller, Consumers.headers(), resident);

    // then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .isEqualToIgnoringCase("text/xml;charset=UTF-8");
    assertThat(response.headers().allValues("x-skltp-correlation-id"))
        .containsExactly("consumer-1");
    assertThat(response.headers().map())
        .doesNotContainKeys("x-vp-sender-id", "x-rivta-original-serviceconsumer-hsaid", "server");
    SoapXml answer = SoapXml.parse(response.body());
    assertThat(answer.texts(SoapXml.CORE, "bookingId"))
        .containsExactlyInAnyOrderElementsOf(facts.stream().map(BookingFact::bookingId).toList());
    assertThat(answer.texts(SoapXml.CORE, "startTimeInclusive")).isSorted();
    assertThat(answer.texts(SoapXml.CORE, "subject_of_care")).containsOnly(resident);
    assertThat(answer.texts(SoapXml.HEADERS, "logicalAddress"))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(Residents.addresses(facts));
    assertThat(answer.texts(SoapXml.HEADERS, "statusCode")).containsOnly("DataFromSource");
    assertThat(answer.texts(SoapXml.HEADERS, "isResponseFromCache")).containsOnly("false");
    assertThat(answer.texts(SoapXml.HEADERS, "isResponseInSynch")).containsOnly("true");
    assertThat(answer.texts(SoapXml.HEADERS, "lastSuccessfulSynch"))
        .allSatisfy(time -> assertThat(time).matches("\\d{14}"));
    assertThat(answer.texts(SoapXml.EXTENSION, "complete")).containsExactly("true");
    assertValidAgainstOurSchemas(answer);
  }

  @Test
  void theAnswerIsValidAgainstThePublishedSchemas() throws Exception {
    // given
    String resident = Residents.whoShows("an honest gap");
    OriginalSchemas schedule =
        OriginalSchemas.atHand(
            "crm-scheduling-1.1/interactions/GetSubjectOfCareScheduleInteraction/"
                + "GetSubjectOfCareScheduleResponder_1.1.xsd");
    OriginalSchemas headers =
        OriginalSchemas.atHand(
            "interoperability-headers-1.0/core_components/interoperability_headers_1.0.xsd");

    // when
    SoapXml answer = SoapXml.parse(Consumers.ask(caller, Consumers.headers(), resident).body());

    // then
    schedule.validate(answer.bodyElement());
    headers.validate(answer.first(SoapXml.HEADERS, "ProcessingStatus"));
    assertThat(answer.texts(SoapXml.HEADERS, "statusCode")).contains("NoDataSynchFailed");
  }

  @Test
  void aStockClientUsesTheWsdlAlone() throws Exception {
    // given
    String resident = Residents.whoShows("in three regions that all answer");
    Service service =
        Service.create(
            URI.create(
                    "http://localhost:"
                        + RunningSystem.get().port()
                        + "/rivta"
                        + Consumers.PATH
                        + "?wsdl")
                .toURL(),
            new QName(WSDL_NAMESPACE, "GetSubjectOfCareScheduleResponderService"));
    Dispatch<Source> client =
        service.createDispatch(
            new QName(WSDL_NAMESPACE, "GetSubjectOfCareScheduleResponderPort"),
            Source.class,
            Service.Mode.PAYLOAD);
    Map<String, List<String>> headers = new HashMap<>();
    Consumers.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    client.getRequestContext().put(MessageContext.HTTP_REQUEST_HEADERS, headers);
    SoapXml question = SoapXml.parse(Consumers.question(resident, "subject_of_care"));
    client
        .getRequestContext()
        .put(
            Header.HEADER_LIST,
            List.of(
                header(question.first("urn:riv:itintegration:registry:1", "LogicalAddress")),
                header(question.first(SoapXml.HEADERS, "Actor"))));

    // when
    Source answered = client.invoke(new DOMSource(question.bodyElement()));

    // then
    StringWriter text = new StringWriter();
    TransformerFactory.newDefaultInstance()
        .newTransformer()
        .transform(answered, new StreamResult(text));
    SoapXml answer = SoapXml.parse(text.toString().replaceFirst("^<\\?xml[^>]*>", ""));
    assertThat(answer.elements(SoapXml.RESPONDER, "timeslotDetail"))
        .hasSize(Residents.bookings(resident).size());
  }

  @Test
  void tellsATimeoutFromAFaultWithoutRepeatingWhatTheProducerSaid() throws Exception {
    // given
    String resident = Residents.whoShows("in three regions that all answer");
    regions.setBehaviour("stockholm", new Behaviour(0, Fault.TIMEOUT));
    regions.setBehaviour("uppsala", new Behaviour(0, Fault.SOAP_FAULT));

    try (Registry registry = new Registry()) {
      registry.write(
          Registry.with(
              registry.original(), "stockholm-tidbok", "timeouts", "{ connect: 500ms, call: 1s }"));

      // when
      HttpResponse<String> response = Consumers.ask(caller, Consumers.headers(), resident);

      // then
      assertThat(response.statusCode()).isEqualTo(200);
      SoapXml answer = SoapXml.parse(response.body());
      assertValidAgainstOurSchemas(answer);
      assertThat(answer.texts(SoapXml.HEADERS, "logicalAddress"))
          .containsExactlyInAnyOrderElementsOf(Residents.addresses(Residents.bookings(resident)));
      Element timeout = record(answer, address(resident, "stockholm"));
      assertThat(text(timeout, "statusCode")).isEqualTo("NoDataSynchFailed");
      assertThat(text(timeout, "isResponseInSynch")).isEqualTo("false");
      assertThat(text(timeout, "lastSuccessfulSynch")).isEmpty();
      assertThat(text(timeout, "lastUnsuccessfulSynch")).matches("\\d{14}");
      assertThat(text(timeout, "causingAgent")).isEqualTo("service_producer");
      assertThat(text(timeout, "code")).isEqualTo("504");
      assertThat(text(timeout, "text")).startsWith("timeout: ");
      Element fault = record(answer, address(resident, "uppsala"));
      assertThat(text(fault, "code")).isEqualTo("500");
      assertThat(text(fault, "text")).startsWith("fault: ");
      assertThat(text(record(answer, address(resident, "ostergotland")), "statusCode"))
          .isEqualTo("DataFromSource");
      assertThat(answer.texts(SoapXml.EXTENSION, "complete")).containsExactly("false");
      assertThat(answer.texts(SoapXml.CORE, "healthcare_facility"))
          .containsOnly(address(resident, "ostergotland"));
      assertThat(response.body()).doesNotContain("ORA-", "db17");
    }
  }

  @Test
  void theResidentWithoutBookingsGetsAnEmptyAnswerWithoutRecords() throws Exception {
    // given
    String resident = Residents.whoShows("no bookings at all");

    // when
    HttpResponse<String> response = Consumers.ask(caller, Consumers.headers(), resident);

    // then
    assertThat(response.statusCode()).isEqualTo(200);
    SoapXml answer = SoapXml.parse(response.body());
    assertThat(answer.bodyElement().getLocalName()).isEqualTo("GetSubjectOfCareScheduleResponse");
    assertThat(answer.bodyElement().hasChildNodes()).isFalse();
    assertThat(answer.elements(SoapXml.HEADERS, "ProcessingStatus")).hasSize(1);
    assertThat(answer.elements(SoapXml.HEADERS, "ProcessingStatusList")).isEmpty();
    assertThat(answer.texts(SoapXml.EXTENSION, "complete")).containsExactly("true");
    assertValidAgainstOurSchemas(answer);
  }

  @Test
  void aConsumerOfTwoRegionsSeesThoseAndThatSomethingIsMissing() throws Exception {
    // given
    String resident = Residents.whoShows("in three regions that all answer");
    String agent = Consumers.question(resident, "subject_of_care_agent");

    // when
    HttpResponse<String> response =
        caller.soap(Consumers.PATH, agent, Consumers.headers(Consumers.JOURNAL, Consumers.JOURNAL));

    // then
    SoapXml answer = SoapXml.parse(response.body());
    assertThat(answer.texts(SoapXml.HEADERS, "logicalAddress"))
        .containsExactly(address(resident, "uppsala"));
    assertThat(answer.texts(SoapXml.CORE, "healthcare_facility"))
        .isNotEmpty()
        .containsOnly(address(resident, "uppsala"));
    assertThat(answer.texts(SoapXml.EXTENSION, "complete")).containsExactly("false");
    assertThat(response.body())
        .doesNotContain(address(resident, "stockholm"), address(resident, "ostergotland"));
  }

  @Test
  void anyKnownConsumerInTheChainIsEnough() throws Exception {
    // given
    String resident = Residents.whoShows("in three regions that all answer");

    // when
    HttpResponse<String> response =
        Consumers.ask(
            caller,
            Consumers.headers("SE-UNKNOWN", Consumers.FRONT_END.toLowerCase(java.util.Locale.ROOT)),
            resident);

    // then
    assertThat(SoapXml.parse(response.body()).texts(SoapXml.EXTENSION, "complete"))
        .containsExactly("true");
  }

  @Test
  void anUnknownConsumerIsRefused() {
    // given
    String resident = Residents.whoShows("in three regions that all answer");

    // when
    HttpResponse<String> response =
        Consumers.ask(caller, Consumers.headers("SE-UNKNOWN", ""), resident);

    // then
    assertFault(response, "Neither x-vp-sender-id nor x-rivta-original-serviceconsumer-hsaid");
    assertThat(response.body()).doesNotContain("SE-UNKNOWN", resident);
  }

  @Test
  void everyMissingMandatoryHeaderIsNamedOnALineInOrder() throws Exception {
    // given
    String resident = Residents.whoShows("in three regions that all answer");

    // when
    HttpResponse<String> none = Consumers.ask(caller, Map.of(), resident);
    HttpResponse<String> one =
        Consumers.ask(
            caller,
            Map.of("x-vp-sender-id", Consumers.FRONT_END, "x-skltp-correlation-id", "consumer-1"),
            resident);

    // then
    assertFault(none, "");
    assertThat(faultText(none))
        .isEqualTo(
            """
            Mandatory HTTP header x-vp-sender-id is missing
            Mandatory HTTP header x-rivta-original-serviceconsumer-hsaid is missing
            Mandatory HTTP header x-skltp-correlation-id is missing
            """);
    assertThat(faultText(one))
        .isEqualTo("Mandatory HTTP header x-rivta-original-serviceconsumer-hsaid is missing\n");
  }

  @Test
  void emptyMandatoryHeadersPassWhereTheOtherNamesAKnownConsumer() {
    // given
    String resident = Residents.whoShows("no bookings at all");
    Map<String, String> headers = Consumers.headers(Consumers.FRONT_END, "");
    headers.put("x-skltp-correlation-id", "");

    // when
    HttpResponse<String> response = Consumers.ask(caller, headers, resident);

    // then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  /** As people write it, and no contract. */
  private static final String HYPHENATED = "19121212-1212";

  static Stream<String> noQuestions() {
    String ours = "<GetSubjectOfCareSchedule xmlns=\"" + SoapXml.RESPONDER + "\"";
    return Stream.of(
        "",
        "<GetAvailableDates xmlns=\"urn:riv:crm:scheduling:GetAvailableDatesResponder:1\"/>",
        ours.replace("Responder:1", "Responder:2") + "/>",
        "<GetSubjectOfCareSchedule/>",
        ours + "/>",
        ours + "><subject_of_care> </subject_of_care></GetSubjectOfCareSchedule>",
        ours
            + "><subject_of_care>"
            + "1".repeat(33)
            + "</subject_of_care></GetSubjectOfCareSchedule>",
        ours + "><subject_of_care>" + HYPHENATED + "</subject_of_care></GetSubjectOfCareSchedule>",
        ours
            + "><subject_of_care>191212121212</subject_of_care><x>"
            + "y".repeat(140_000)
            + "</x></GetSubjectOfCareSchedule>",
        ours + "><subject_of_care>");
  }

  @ParameterizedTest
  @MethodSource("noQuestions")
  void aBodyThatIsNoQuestionIsAnsweredWithAFault(String body) {
    // when
    HttpResponse<String> response =
        caller.soap(
            Consumers.PATH,
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
                + body
                + "</s:Body></s:Envelope>",
            Consumers.headers());

    // then
    assertFault(response, "");
    assertThat(response.body()).doesNotContain("1".repeat(33), HYPHENATED, "Exception");
  }

  @Test
  void otherRivtaHeadersReachTheProducersAndTheFacilityAskedForDoesNot() throws Exception {
    // given
    String resident = Residents.withoutBookings(4);
    String address = "SE5565594230-RAW2";
    IndexUpdates index = new IndexUpdates(caller);
    try (RawProducer producer = new RawProducer();
        Registry registry = new Registry()) {
      registry.write(
          registry.withProducer("raw-two", producer.url(), address, "{ connect: 2s, call: 5s }"));
      index.add(resident, address);
      Map<String, String> headers = Consumers.headers(Consumers.FRONT_END, "SE-FIRST");
      headers.put("x-rivta-acting-on-behalf-of-hsaid", "SE-BEHALF");
      headers.put("X-RIVTA-routing-history", "one#two");
      headers.put("x-other", "1");
      headers.put("SOAPAction", "\"whatever\"");

      // when
      HttpResponse<String> response =
          caller.soap(
              Consumers.PATH, Consumers.question(resident, "subject_of_care_agent"), headers);

      // then
      index.delete(resident, address);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      RawProducer.Received call = producer.received().getFirst();
      assertThat(call.header("x-rivta-acting-on-behalf-of-hsaid")).isEqualTo("SE-BEHALF");
      assertThat(call.header("x-rivta-routing-history")).isEqualTo("one#two");
      assertThat(call.header("x-rivta-original-serviceconsumer-hsaid")).isEqualTo("SE-FIRST");
      assertThat(call.header("x-vp-sender-id")).isEqualTo(Consumers.FRONT_END);
      assertThat(call.header("x-vp-instance-id")).isEqualTo("samflode-demo");
      assertThat(call.header("x-skltp-correlation-id")).isEqualTo("consumer-1");
      assertThat(call.header("x-other")).isEmpty();
      assertThat(call.header("SOAPAction")).doesNotContain("whatever");
      SoapXml question = SoapXml.parse(call.body());
      assertThat(question.texts(SoapXml.RESPONDER, "healthcare_facility")).containsExactly(address);
      assertThat(question.texts(SoapXml.HEADERS, "actorType"))
          .containsExactly("subject_of_care_agent");
      assertThat(question.texts(SoapXml.HEADERS, "actorId")).containsExactly(resident);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", "\"urn:wrong\"", "urn:unquoted"})
  void anySoapActionIsTaken(String action) {
    // given
    Map<String, String> headers = Consumers.headers();
    headers.put("SOAPAction", action);

    // when
    HttpResponse<String> response =
        Consumers.ask(caller, headers, Residents.whoShows("no bookings at all"));

    // then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @Test
  void pingForConfigurationAnswersWithoutHeaders() throws Exception {
    // when
    HttpResponse<String> response =
        caller.soap(
            "/itintegration/monitoring/PingForConfiguration/1/rivtabp21",
            """
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>
            <LogicalAddress xmlns="urn:riv:itintegration:registry:1">X</LogicalAddress></s:Header>
            <s:Body><p:PingForConfiguration
                xmlns:p="urn:riv:itintegration:monitoring:PingForConfigurationResponder:1">
            <p:serviceContractNamespace>urn:any</p:serviceContractNamespace>
            <p:logicalAddress>X</p:logicalAddress></p:PingForConfiguration></s:Body></s:Envelope>\
            """,
            Map.of());

    // then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    SoapXml answer = SoapXml.parse(response.body());
    String namespace = "urn:riv:itintegration:monitoring:PingForConfigurationResponder:1";
    assertThat(answer.texts(namespace, "version")).hasSize(1);
    assertThat(answer.texts(namespace, "pingDateTime").getFirst()).matches("\\d{14}");
  }

  private static void assertValidAgainstOurSchemas(SoapXml answer) throws Exception {
    SoapXml.assertValid(answer.bodyElement(), SoapXml.OWN_SCHEDULE);
    SoapXml.assertValid(answer.first(SoapXml.HEADERS, "ProcessingStatus"), SoapXml.OWN_HEADERS);
  }

  private static void assertFault(HttpResponse<String> response, String text) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(500);
    assertThat(response.body()).contains("<soap:Fault>", text);
  }

  private static String faultText(HttpResponse<String> response) throws Exception {
    return SoapXml.parse(response.body())
        .document()
        .getElementsByTagName("faultstring")
        .item(0)
        .getTextContent();
  }

  private static Header header(Element element) {
    return new Header(new QName(element.getNamespaceURI(), element.getLocalName()), element);
  }

  private static Element record(SoapXml answer, String address) {
    return answer.elements(SoapXml.HEADERS, "ProcessingStatusList").stream()
        .filter(record -> text(record, "logicalAddress").equals(address))
        .findFirst()
        .orElseThrow();
  }

  private static String text(Element record, String name) {
    return record.getElementsByTagNameNS(SoapXml.HEADERS, name).item(0).getTextContent();
  }

  private static String address(String resident, String region) {
    Set<String> there =
        Residents.addresses(
            Residents.bookings(resident).stream()
                .filter(fact -> fact.region().equals(region))
                .toList());
    assertThat(there).hasSize(1);
    return there.iterator().next();
  }
}
