package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.transform.dom.DOMSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;
import se.samflode.demo.DemoIssuer;
import se.samflode.testing.ApplicationProcess;
import se.samflode.testing.DocumentedFiles;

/**
 * The packaged application serves a contract that it has never heard of, from a folder. Files and
 * commands are those of docs/add-a-contract.md.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NewContractIT {

  private static final Path PAGE = Path.of("docs/add-a-contract.md");
  private static final DocumentedFiles FILES = new DocumentedFiles(PAGE);
  private static final String SHARED =
      "contracts/rivta/itintegration/registry/core/itintegration_registry_1.0.xsd";
  private static final String RESPONDER = "urn:riv:test:allergies:GetAllergiesResponder:1";
  private static final String CORE = "urn:riv:test:allergies:1";
  private static final String FIRST = "SE5565594230-ALLERGY";
  private static final String SECOND = "SE5565594230-ALLERGY2";
  private static final String RESIDENT = "191212121212";
  private static final String SOMEONE_ELSE = "202312302397";
  private static final String RESPONDER_FILE =
      "contracts/rivta/test/allergies/GetAllergies/1/GetAllergiesResponder_1.0.xsd";

  private final HttpClient http = HttpClient.newHttpClient();
  private final RawProducer one = new RawProducer();
  private final RawProducer two = new RawProducer();
  private EmbeddedPostgres postgres;
  private ApplicationProcess application;
  private String page;
  private Path more;

  @BeforeAll
  void addTheContract(@TempDir Path folder) throws Exception {
    page = Files.readString(PAGE);
    more = folder.resolve("more");
    FILES.writeContracts(more);
    DocumentedFiles.write(more, SHARED, Files.readString(Path.of(SHARED)));
    postgres = EmbeddedPostgres.start();
    Path registry = DocumentedFiles.write(folder, "producers.yaml", producers());
    Path consumers = DocumentedFiles.write(folder, "consumers.yaml", FILES.text("consumers.yaml"));
    Map<String, String> settings =
        ApplicationProcess.settings(folder, new DemoIssuer(), postgres, registry);
    settings.put("samflode.consumers", "file:" + consumers);
    // Every question is to be a call.
    settings.put("samflode.cache.off-heap", "0B");
    application = new ApplicationProcess(settings, more);
    for (String address : new String[] {FIRST, SECOND}) {
      HttpResponse<String> told =
          curl("update.xml", FILES.text("update.xml").replace(FIRST, address));
      assertThat(told.body()).contains(">OK</");
    }
  }

  @AfterAll
  void stop() throws IOException {
    application.close();
    postgres.close();
    one.close();
    two.close();
    http.close();
  }

  @Test
  void servesItsWsdl() throws Exception {
    // given
    Matcher command = Pattern.compile("curl -s 'localhost:8080(/rivta/\\S+\\?wsdl)'").matcher(page);
    assertThat(command.find()).isTrue();

    // when
    HttpResponse<String> wsdl =
        http.send(
            HttpRequest.newBuilder(application.uri().resolve(command.group(1))).build(),
            BodyHandlers.ofString());

    // then
    assertThat(wsdl.statusCode()).as(wsdl.body()).isEqualTo(200);
    assertThat(wsdl.body())
        .contains("GetAllergiesResponderService")
        .contains(application.uri() + "/rivta/test/allergies/GetAllergies/1/rivtabp21");
  }

  @Test
  void putsTogetherWhatItsProducersSay() throws Exception {
    // given
    one.answers(answer(allergy("a1", RESIDENT, "SE5565594230-UNIT1", "mild"), "no fever"));
    two.answers(answer(allergy("b1", RESIDENT, "se5565594230-unit1", "severe"), ""));

    // when
    SoapXml response = ask();

    // then
    assertThat(response.texts(CORE, "documentId")).containsExactly("a1", "b1");
    assertThat(response.texts(SoapXml.HEADERS, "logicalAddress")).containsExactly(FIRST, SECOND);
    assertThat(response.texts(SoapXml.HEADERS, "statusCode")).containsOnly("DataFromSource");
    assertThat(response.texts(SoapXml.EXTENSION, "complete")).containsExactly("true");
    assertThat(response.texts(CORE, "resultCode")).containsExactly("INFO");
    assertThat(response.texts(CORE, "message")).containsExactly("Region Test, journal: no fever");
    assertValid(response.bodyElement());
    SoapXml call = SoapXml.parse(one.received().getFirst().body());
    assertThat(call.texts(CORE, "id")).containsExactly(RESIDENT);
    assertThat(one.received().getFirst().header("SOAPAction"))
        .isEqualTo("\"" + RESPONDER + ":GetAllergies\"");
    assertValid(call.bodyElement());
  }

  @Test
  void leavesOutCareUnitsThatWereNotAskedFor() throws Exception {
    // given
    one.answers(
        answer(
            allergy("a1", RESIDENT, "SE5565594230-UNIT1", "mild")
                + allergy("a2", RESIDENT, "SE5565594230-UNIT2", "mild"),
            ""));
    two.answers(answer("", ""));

    // when
    SoapXml response = ask();

    // then
    assertThat(response.texts(CORE, "documentId")).containsExactly("a1");
    assertThat(response.texts(SoapXml.EXTENSION, "complete")).containsExactly("true");
  }

  @Test
  void showsNothingOfAnAnswerAboutSomebodyElse() throws Exception {
    // given
    one.answers(
        answer(
            allergy("a1", RESIDENT, "SE5565594230-UNIT1", "mild")
                + allergy("a2", SOMEONE_ELSE, "SE5565594230-UNIT1", "mild"),
            ""));
    two.answers(answer(allergy("b1", RESIDENT, "SE5565594230-UNIT1", "mild"), ""));

    // when
    SoapXml response = ask();

    // then
    assertThat(response.texts(CORE, "documentId")).containsExactly("b1");
    assertThat(response.texts(SoapXml.HEADERS, "statusCode"))
        .containsExactly("NoDataSynchFailed", "DataFromSource");
    assertThat(response.texts(SoapXml.HEADERS, "text"))
        .singleElement()
        .asString()
        .startsWith("wrong-resident: ");
    assertThat(response.texts(SoapXml.EXTENSION, "complete")).containsExactly("false");
  }

  @Test
  void leavesOutAndCountsAnItemThatBreaksTheSchema() throws Exception {
    // given
    one.answers(
        answer(
            allergy("a1", RESIDENT, "SE5565594230-UNIT1", "unheard-of")
                + allergy("a2", RESIDENT, "SE5565594230-UNIT1", "mild"),
            ""));
    two.answers(answer("", ""));
    long before = application.invalidItems("test-allergies");

    // when
    SoapXml response = ask();

    // then
    assertThat(response.texts(CORE, "documentId")).containsExactly("a2");
    assertThat(response.texts(SoapXml.EXTENSION, "leftOut")).containsExactly("1");
    assertThat(response.texts(SoapXml.EXTENSION, "complete")).containsExactly("false");
    assertThat(application.invalidItems("test-allergies") - before).isEqualTo(1);
  }

  private void assertValid(Element element) throws SAXException, IOException {
    SchemaFactory.newDefaultInstance()
        .newSchema(more.resolve(RESPONDER_FILE).toFile())
        .newValidator()
        .validate(new DOMSource(element));
  }

  /** The page's producer, and a second one like it. */
  private String producers() {
    String file = FILES.text("producers.yaml");
    String first = file.replaceFirst("http://\\S+", one.url());
    String second =
        file.replaceFirst("http://\\S+", two.url())
            .replace("producers:\n", "")
            .replace("- id: test-allergies", "- id: test-allergies-2")
            .replace(FIRST, SECOND);
    assertThat(first).contains(one.url());
    return first + second;
  }

  private SoapXml ask() throws Exception {
    return SoapXml.parse(curl("question.xml", FILES.text("question.xml")).body());
  }

  /** Does what the page's command with this file does, on the port of this application. */
  private HttpResponse<String> curl(String file, String body)
      throws IOException, InterruptedException {
    Matcher command =
        Pattern.compile("^curl -s localhost:8080(\\S+)(.*) -d @" + file + "$", Pattern.MULTILINE)
            .matcher(page);
    assertThat(command.find()).as("a command with %s", file).isTrue();
    URI uri = application.uri().resolve(command.group(1));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body));
    Matcher header = Pattern.compile("-H '([^:]+): ([^']+)'").matcher(command.group(2));
    while (header.find()) {
      request.header(header.group(1), header.group(2));
    }
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static HttpHandler answer(String allergies, String message) {
    return RawProducer.bytes(
        "text/xml; charset=UTF-8",
        """
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>\
        <r:GetAllergiesResponse xmlns:r="%s" xmlns:c="%s">%s<r:result><c:resultCode>OK</c:resultCode>\
        <c:logId>1</c:logId>%s</r:result></r:GetAllergiesResponse></s:Body></s:Envelope>\
        """
            .formatted(
                RESPONDER,
                CORE,
                allergies,
                message.isEmpty() ? "" : "<c:message>" + message + "</c:message>")
            .getBytes(UTF_8));
  }

  private static String allergy(String id, String resident, String unit, String severity) {
    return """
    <r:allergy><c:header><c:documentId>%s</c:documentId><c:patientId><c:id>%s</c:id>\
    <c:type>1.2.752.129.2.1.3.1</c:type></c:patientId><c:careUnitHSAId>%s</c:careUnitHSAId>\
    </c:header><c:substance>Birch pollen</c:substance><c:severity>%s</c:severity></r:allergy>\
    """
        .formatted(id, resident, unit, severity);
  }
}
