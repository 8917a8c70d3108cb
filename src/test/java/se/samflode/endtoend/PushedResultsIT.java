package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static se.samflode.testing.LabBundles.json;
import static se.samflode.testing.LabBundles.lab;
import static se.samflode.testing.LabBundles.message;
import static se.samflode.testing.LabBundles.transaction;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.util.unit.DataSize;
import se.samflode.config.ByteBudget;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.RecordFact;
import se.samflode.readmodel.Kind;
import se.samflode.testing.LabBundles;
import se.samflode.testing.OpenApiContract;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/** What labs push as FHIR over HTTP, and what residents and professionals get of it. */
class PushedResultsIT {

  private static final String LAB = "SE5565594230-LAB1";
  private static final String ACTOUTCOME = "urn:riv:clinicalprocess:healthcond:actoutcome:";
  private static final String OTHER_LAB = "SE5565594230-LAB9";

  private static final String SENDERS =
      """
      controllers:
        - id: SE2321000016-0001
          name: Region Stockholm
          retention: 3650d
      senders:
        - id: svealab
          name: Svealab
          clientIds: [svealab]
          sourceSystems:
            - id: SE5565594230-LAB1
              name: Svealab
              dataController: SE2321000016-0001
              release:
                - types: [genetik]
                  after: 14d
        - id: two-systems
          name: Region Uppsala, journal and lab
          clientIds: [two-systems]
          sourceSystems:
            - id: FETCHED
              name: Region Uppsala, labb
              dataController: SE2321000016-0001
            - id: SE5565594230-LAB9
              name: Another
              dataController: SE2321000016-0001
        - id: silent
          name: Silent
          certificates: ["CN=silent"]
          sourceSystems:
            - id: SE5565594230-LAB8
              name: Silent
              dataController: SE2321000016-0001
      """;

  private static final OpenApiContract LABS = OpenApiContract.loadOfLabs();

  @TempDir private static Path folder;

  private static DemoSystem system;
  private static HttpCaller caller;
  private static LabCaller labs;
  private static String resident;
  private static String another;
  private static RecordFact fetched;

  @BeforeAll
  static void start() throws Exception {
    resident = Residents.whoShows("a complete answer");
    another = Residents.whoShows("an answer with an honest gap");
    fetched =
        RunningSystem.get().regions().records(resident).stream()
            .filter(
                fact -> fact.kind().equals("laboratory") && fact.approved() && !fact.nullified())
            .findFirst()
            .orElseThrow();
    Path senders =
        Files.writeString(
            folder.resolve("senders.yaml"), SENDERS.replace("FETCHED", fetched.sourceSystem()));
    system =
        DemoSystem.start(
            new DemoSystem.Settings(RunningSystem.SEED, RunningSystem.START_DAY, false),
            Map.of(
                "samflode.senders", senders.toUri().toString(), "samflode.producers.ramp", "0s"));
    caller = new HttpCaller(system);
    labs = new LabCaller(system, caller);
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @Test
  void aResultIsServedToTheResidentAsSoonAsItIsAcknowledged() {
    // given
    String record = record();

    // when
    HttpResponse<String> answer =
        push("svealab", json(transaction(lab(resident, record).value("5.7"))));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode item = item(ask(), record);
    assertThat(item.path("sourceSystem").asString()).isEqualTo(LAB);
    assertThat(item.path("status").asString()).isEqualTo("final");
    JsonNode analysis = item.at("/groups/0/analyses/0");
    assertThat(analysis.at("/code/code").asString()).isEqualTo("NPU02192");
    assertThat(analysis.at("/code/system").asString()).isEqualTo("urn:oid:1.2.752.108.1");
    assertThat(analysis.at("/results/0/value").asString()).isEqualTo("5.7");
    assertThat(analysis.at("/results/0/unit").asString()).isEqualTo("mmol/L");
    assertThat(analysis.at("/results/0/flagged").asBoolean(true)).isFalse();
    assertThat(HttpCaller.source(ask(), LAB).path("outcome").asString()).isEqualTo("LIVE");
    assertThat(HttpCaller.source(ask(), LAB).path("producer").asString()).isEqualTo("svealab");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void aProfessionalGetsItOverSoapAsTheContractHasIt(int major) throws Exception {
    // given
    String record = record();
    push("svealab", json(transaction(lab(resident, record))));

    // when
    SoapXml answer = valid(major);

    // then
    String text = answer.bodyElement().getTextContent();
    assertThat(text).contains(record, LAB, "NPU02192", "R-" + record);
  }

  @Test
  void xmlIsTakenAndAnsweredInXml() {
    // given
    String record = record();

    // when
    HttpResponse<String> answer =
        caller.send(
            labs.post("svealab", "/fhir/R4", LabBundles.xml(transaction(lab(resident, record))))
                .setHeader("Content-Type", "application/fhir+xml"));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("application/fhir+xml;charset=UTF-8");
    assertThat(answer.body()).startsWith("<Bundle").contains("transaction-response");
    assertThat(item(ask(), record)).isNotNull();
  }

  @Test
  void aStockClientPushesATransactionAndAMessage() {
    // given
    String first = record();
    String second = record();
    FhirContext fhir = FhirContext.forR4();
    fhir.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.ONCE);
    IGenericClient client =
        fhir.newRestfulGenericClient("http://localhost:" + system.port() + "/fhir/R4");
    client.registerInterceptor(
        new BearerTokenAuthInterceptor(labs.token("svealab", "lab-results.write")));

    // when
    Bundle stored = client.transaction().withBundle(transaction(lab(resident, first))).execute();
    Bundle answered =
        client
            .operation()
            .processMessage()
            .setMessageBundle(message(UUID.randomUUID().toString(), lab(resident, second)))
            .synchronous(Bundle.class)
            .execute();

    // then
    assertThat(stored.getType()).isEqualTo(Bundle.BundleType.TRANSACTIONRESPONSE);
    assertThat(stored.getEntry()).hasSize(5);
    assertThat(answered.getType()).isEqualTo(Bundle.BundleType.MESSAGE);
    assertThat(has(first)).isTrue();
    assertThat(has(second)).isTrue();
    assertThatThrownBy(() ->
            client.transaction().withBundle(transaction(lab("191212121213", record()))).execute())
        .isInstanceOfSatisfying(
            UnprocessableEntityException.class,
            e ->
                assertThat(
                        ((OperationOutcome) e.getOperationOutcome())
                            .getIssueFirstRep()
                            .getExpression()
                            .getFirst()
                            .getValue())
                    .isEqualTo("Bundle.entry[0].resource.ofType(Patient).identifier"));
  }

  @Test
  void theSameContentAgainChangesNothingAndIsASuccess() {
    // given
    String record = record();
    String message = json(transaction(lab(resident, record)));
    push("svealab", message);

    // when
    HttpResponse<String> again = push("svealab", json(transaction(lab(resident, record))));

    // then
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).contains("this content was stored before");
    assertThat(held("svealab", record).path("versions").asInt()).isEqualTo(1);
  }

  @Test
  void aMessageIsKnownByItsId() {
    // given
    String id = UUID.randomUUID().toString();
    String record = record();

    // when
    HttpResponse<String> first =
        process("svealab", json(message(id, lab(resident, record).value("4.1"))));
    HttpResponse<String> other =
        process("svealab", json(message(id, lab(resident, record).value("4.2"))));

    // then
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    JsonNode header = HttpCaller.json(first).at("/entry/0/resource");
    assertThat(header.path("resourceType").asString()).isEqualTo("MessageHeader");
    assertThat(header.at("/response/identifier").asString()).isEqualTo(id);
    assertThat(header.at("/response/code").asString()).isEqualTo("ok");
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(fault(other)).isEqualTo("message-id ");
    assertThat(value(record)).isEqualTo("4.1");
  }

  @Test
  void whatIsWithdrawnIsGoneUntilItIsIssuedAnew() {
    // given
    String record = record();
    push("svealab", json(transaction(lab(resident, record).issued("2026-11-20T10:00:00Z"))));
    assertThat(has(record)).isTrue();

    // when
    HttpResponse<String> withdrawn =
        push(
            "svealab",
            json(
                transaction(
                    lab(resident, record)
                        .status("entered-in-error")
                        .conclusion("Fel patient")
                        .issued("2026-11-20T11:00:00Z"))));

    // then
    assertThat(withdrawn.statusCode()).as(withdrawn.body()).isEqualTo(200);
    assertThat(has(record)).isFalse();
    assertThat(ask().path("complete").asBoolean()).isTrue();
    assertThat(held("svealab", record).path("withdrawn").asBoolean()).isTrue();

    // when the lab resends everything, and a late version comes
    push("svealab", json(transaction(lab(resident, record).issued("2026-11-20T10:00:00Z"))));
    push(
        "svealab",
        json(
            transaction(lab(resident, record).status("corrected").issued("2026-11-20T10:30:00Z"))));

    // then
    assertThat(has(record)).isFalse();

    // when
    push(
        "svealab",
        json(transaction(lab(resident, record).value("6.6").issued("2026-11-21T08:00:00Z"))));

    // then
    assertThat(value(record)).isEqualTo("6.6");
  }

  @Test
  void aWithdrawalWithoutASequenceEndsVersionsThatHaveOne() {
    // given
    String record = record();
    push("svealab", json(transaction(lab(resident, record).sequence(7))));
    assertThat(has(record)).isTrue();

    // when
    push("svealab", json(transaction(lab(resident, record).status("entered-in-error"))));

    // then
    assertThat(has(record)).isFalse();
  }

  @Test
  void aWithdrawalThatTellsNoTimeIsOneEachTimeThatItComes() {
    // given
    String record = record();
    String withdrawal =
        json(transaction(lab(resident, record).status("entered-in-error").issued(null)));
    push("svealab", json(transaction(lab(resident, record).value("1.1").issued(null))));
    push("svealab", withdrawal);
    push("svealab", json(transaction(lab(resident, record).value("2.2").issued(null))));
    assertThat(value(record)).isEqualTo("2.2");

    // when
    HttpResponse<String> again = push("svealab", withdrawal);

    // then
    assertThat(again.body()).contains("stored, and it stands");
    assertThat(has(record)).isFalse();

    // when
    HttpResponse<String> third = push("svealab", withdrawal);

    // then
    assertThat(third.body()).contains("this content was stored before");
    assertThat(held("svealab", record).path("versions").asInt()).isEqualTo(4);
  }

  @Test
  void aMessageThatIsSentAgainUnderItsIdWithdrawsNothingThatWasIssuedAnew() {
    // given
    String record = record();
    String withdrawal =
        json(
            message(
                UUID.randomUUID().toString(),
                lab(resident, record).status("entered-in-error").issued(null)));
    push("svealab", json(transaction(lab(resident, record).value("1.1").issued(null))));
    process("svealab", withdrawal);
    push("svealab", json(transaction(lab(resident, record).value("2.2").issued(null))));

    // when
    HttpResponse<String> again = process("svealab", withdrawal);

    // then
    assertThat(again.body()).contains("this content was stored before");
    assertThat(value(record)).isEqualTo("2.2");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnalysisThatIsWithdrawnIsGoneThoughItsVersionRanksLower(boolean timed) {
    // given
    String record = record();
    push("svealab", json(transaction(version(record, timed, 10).status("corrected"))));
    String withdrawal = withoutGlucose(version(record, timed, 11).status("preliminary"));

    // when
    HttpResponse<String> withdrawn = push("svealab", withdrawal);

    // then
    assertThat(withdrawn.body()).contains("stored, and it stands");
    assertThat(value(record)).isEqualTo("140");

    // when it is done anew
    push("svealab", json(transaction(version(record, timed, 12).value("6.6"))));

    // then
    assertThat(value(record)).isEqualTo("6.6");

    // when what has no time comes again, it is meant again
    push("svealab", withdrawal);

    // then
    assertThat(value(record)).isEqualTo(timed ? "6.6" : "140");
    push("svealab", withdrawal);
    assertThat(held("svealab", record).path("versions").asInt()).isEqualTo(timed ? 3 : 4);
  }

  @Test
  void whatAnEarlierReleaseLetStandIsDecidedAnewWhenAnythingOfItComesAgain() {
    // given
    String record = record();
    push("svealab", json(transaction(version(record, true, 10).status("corrected"))));
    String withdrawal = withoutGlucose(version(record, true, 11).status("preliminary"));
    push("svealab", withdrawal);
    int changed =
        system
            .application()
            .getBean(JdbcClient.class)
            .sql("UPDATE lab_record SET version = 1 WHERE record_id = ?")
            .param(record)
            .update();
    assertThat(changed).isOne();
    assertThat(value(record)).isNotEqualTo("140");

    // when
    push("svealab", withdrawal);

    // then
    assertThat(value(record)).isEqualTo("140");
    assertThat(held("svealab", record).path("versions").asInt()).isEqualTo(2);
  }

  private static LabBundles.Lab version(String record, boolean timed, int hour) {
    return lab(resident, record).issued(timed ? "2026-11-20T" + hour + ":00:00Z" : null);
  }

  /** With glucose withdrawn, and sodium beside it. */
  private static String withoutGlucose(LabBundles.Lab answer) {
    Bundle bundle = transaction(answer);
    ((Observation) bundle.getEntry().get(3).getResource())
        .setStatus(Observation.ObservationStatus.ENTEREDINERROR);
    Observation sodium = new Observation();
    sodium.setStatus(Observation.ObservationStatus.PRELIMINARY).setValue(new Quantity(140));
    sodium.getCode().setText("Natrium");
    String url = "urn:uuid:" + UUID.randomUUID();
    ((DiagnosticReport) bundle.getEntry().get(4).getResource()).addResult(new Reference(url));
    bundle
        .addEntry()
        .setFullUrl(url)
        .setResource(sodium)
        .getRequest()
        .setMethod(Bundle.HTTPVerb.POST)
        .setUrl("Observation");
    return json(bundle);
  }

  @Test
  void aWithdrawnPanelTakesWhatItHoldsWithIt() {
    // given
    String record = record();
    Bundle bundle = transaction(lab(resident, record));
    DiagnosticReport report = (DiagnosticReport) bundle.getEntry().get(4).getResource();
    Observation panel = new Observation();
    panel.setStatus(Observation.ObservationStatus.ENTEREDINERROR);
    panel.getCode().setText("Kolesterol");
    panel.addHasMember(report.getResultFirstRep().copy());
    report.getResultFirstRep().setReference("urn:uuid:" + UUID.randomUUID());
    bundle
        .addEntry()
        .setFullUrl(report.getResultFirstRep().getReference())
        .setResource(panel)
        .getRequest()
        .setMethod(Bundle.HTTPVerb.POST)
        .setUrl("Observation");

    // when
    HttpResponse<String> answer = push("svealab", json(bundle));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(item(ask(), record).path("groups")).isEmpty();
  }

  @Test
  void anAnalysisOfAnotherResidentIsNeverTheReports() {
    // given
    Bundle bundle = transaction(lab(resident, record()));
    Bundle.BundleEntryComponent entry =
        bundle.getEntry().stream()
            .filter(each -> each.getResource() instanceof Observation)
            .findFirst()
            .orElseThrow();
    ((Observation) entry.getResource())
        .getSubject()
        .setReference(null)
        .getIdentifier()
        .setSystem("urn:oid:1.2.752.129.2.1.3.1")
        .setValue(another);

    // when
    HttpResponse<String> answer = push("svealab", json(bundle));

    // then
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(fault(answer)).startsWith("identity ").endsWith(".ofType(Observation).subject");
    assertThat(answer.body()).doesNotContain(another).doesNotContain(resident);
  }

  @Test
  void aPatientOfAnotherServerIsNotTheOneWithTheSameIdHere() {
    // given
    Bundle bundle = transaction(lab(resident, record()));
    Bundle.BundleEntryComponent entry =
        bundle.getEntry().stream()
            .filter(each -> each.getResource() instanceof Patient)
            .findFirst()
            .orElseThrow();
    entry.setFullUrl("http://a.example/fhir/Patient/1");
    entry.getResource().setId("1");
    DiagnosticReport report = (DiagnosticReport) bundle.getEntry().get(4).getResource();
    report.setSubject(new Reference("http://other.example/fhir/Patient/1"));

    // when
    HttpResponse<String> answer = push("svealab", json(bundle));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(fault(answer)).startsWith("identity ").endsWith(".subject");
  }

  @Test
  void ofSeveralNumbersOfAPatientTheNationalOneCounts() {
    // given
    String record = record();
    Bundle bundle = transaction(lab(resident, record));
    Patient patient =
        (Patient)
            bundle.getEntry().stream()
                .map(Bundle.BundleEntryComponent::getResource)
                .filter(Patient.class::isInstance)
                .findFirst()
                .orElseThrow();
    patient
        .getIdentifier()
        .addFirst(new Identifier().setSystem("urn:oid:1.2.752.74.9.1").setValue("19850101TX39"));
    patient
        .getIdentifier()
        .addFirst(
            new Identifier()
                .setUse(Identifier.IdentifierUse.OLD)
                .setSystem("urn:oid:1.2.752.129.2.1.3.1")
                .setValue(another));

    // when
    HttpResponse<String> answer = push("svealab", json(bundle));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(has(record)).isTrue();
  }

  @Test
  void aDocumentStandsAsWordsInJsonAndWholeOverVersionFour() throws Exception {
    // given
    String record = record();
    Bundle bundle = transaction(lab(resident, record));
    DiagnosticReport report = (DiagnosticReport) bundle.getEntry().get(4).getResource();
    report
        .addPresentedForm()
        .setContentType("application/pdf")
        .setTitle("Utlåtande patologi")
        .setData(new byte[] {37, 80, 68, 70});
    report.addPresentedForm().setTitle("Bilder").setUrl("https://lab.example/bilder/1");

    // when
    HttpResponse<String> answer = push("svealab", json(bundle));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(item(ask(), record).toString())
        .contains("Bilaga Utlåtande patologi")
        .contains("Bilaga Bilder (https://lab.example/bilder/1)");
    assertThat(soap(4, "").texts("urn:samflode:lab:1", "value")).contains("JVBERg==");
    assertThat(soap(3, "").texts(ACTOUTCOME + 3, "resultComment"))
        .anyMatch(text -> text.contains("Bilaga Utlåtande patologi"));
  }

  @Test
  void howAResultDeviatesIsServedThoughItHasNoValue() throws Exception {
    // given
    String record = record();
    Bundle bundle = transaction(lab(resident, record));
    Observation observation = (Observation) bundle.getEntry().get(3).getResource();
    observation.setValue(null).getInterpretationFirstRep().getCodingFirstRep().setCode("HH");
    observation.addComponent().setValue(new StringType("160")).getCode().setText("Systoliskt");

    // when
    HttpResponse<String> answer = push("svealab", json(bundle));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode results = item(ask(), record).at("/groups/0/analyses/0/results");
    assertThat(results.at("/0/value").isMissingNode()).isTrue();
    assertThat(results.at("/0/flagged").asBoolean()).isTrue();
    assertThat(results.at("/0/reference/interval/high").asString()).isEqualTo("6.0");
    assertThat(results.at("/1/type/display").asString()).isEqualTo("Systoliskt");
    assertThat(results.at("/1/value").asString()).isEqualTo("160");
    valid(4);
    assertThat(valid(3).texts(ACTOUTCOME + 3, "outcomeValue")).contains("Uppgift saknas");
  }

  @Test
  void aRangeThatDoesNotHoldForEverybodySaysSo() throws Exception {
    // given
    Bundle bundle = transaction(lab(resident, record()));
    Observation observation = (Observation) bundle.getEntry().get(3).getResource();
    observation
        .addReferenceRange()
        .setHigh(new Quantity(7))
        .setType(new CodeableConcept().setText("Målvärde"))
        .addAppliesTo(new CodeableConcept().setText("Gravida"));

    // when
    HttpResponse<String> answer = push("svealab", json(bundle));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String words = "Gravida: ≤ 7, Målvärde";
    assertThat(ask().toString()).contains(words);
    assertThat(valid(4).texts(ACTOUTCOME + 4, "description")).contains(words);
    assertThat(valid(3).texts(ACTOUTCOME + 3, "referenceInterval")).contains("4.0 – 6.0; " + words);
  }

  @Test
  void anIdThatNoDatabaseTakesIsAFaultOfTheMessage() {
    // given
    String message = json(message("m-nul", lab(resident, record())));
    String id = "\"id\"";
    assertThat(message).contains("MessageHeader");
    String broken =
        message.replaceFirst(
            "(\"resourceType\"\\s*:\\s*\"MessageHeader\"\\s*,\\s*\"id\"\\s*:\\s*\")[^\"]*",
            "$1a\\\\u0000b");
    assertThat(broken).contains(id).isNotEqualTo(message);

    // when
    HttpResponse<String> answer =
        caller.send(
            request("svealab", "/fhir/R4/$process-message")
                .header("Content-Type", "application/fhir+json")
                .POST(BodyPublishers.ofString(broken)));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(fault(answer)).startsWith("invalid ");
  }

  @Test
  void anIdWithHalfACharacterIsAFaultOfTheMessage() {
    // given
    String record = record();
    String half = json(transaction(lab(resident, record))).replace(record, record + "\\ud83d");

    // when, then
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer = push("svealab", half);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
      assertThat(fault(answer)).startsWith("invalid ").endsWith(".identifier.value");
    }
  }

  @Test
  void aCorrectionThatComesBeforeWhatItCorrectsStands() {
    // given
    String record = record();

    // when
    push(
        "svealab",
        json(
            transaction(
                lab(resident, record)
                    .status("corrected")
                    .value("7.7")
                    .issued("2026-11-20T12:00:00Z"))));
    HttpResponse<String> late =
        push(
            "svealab",
            json(transaction(lab(resident, record).value("1.1").issued("2026-11-20T11:00:00Z"))));

    // then
    assertThat(late.statusCode()).isEqualTo(200);
    assertThat(late.body()).contains("superseded");
    assertThat(value(record)).isEqualTo("7.7");
    assertThat(item(ask(), record).path("status").asString()).isEqualTo("amended");
  }

  @Test
  void versionsThatNothingTellsApartAreAConflictThatIsReported() {
    // given
    String record = record();
    push("svealab", json(transaction(lab(resident, record).value("2.1"))));

    // when
    HttpResponse<String> other =
        push("svealab", json(transaction(lab(resident, record).value("2.2"))));

    // then
    assertThat(HttpCaller.json(other).at("/entry/4/response/outcome/issue/0/code").asString())
        .isEqualTo("conflict");
    assertThat(value(record)).isEqualTo("2.2");
  }

  @Test
  void aWithdrawalTakesEffectThoughTheLabsClockWasAnHourAheadBefore() {
    // given
    String record = record();
    push("svealab", json(transaction(lab(resident, record).issued("2026-11-20T11:00:00Z"))));
    assertThat(has(record)).isTrue();

    // when
    HttpResponse<String> withdrawn =
        push(
            "svealab",
            json(
                transaction(
                    lab(resident, record)
                        .status("entered-in-error")
                        .issued("2026-11-20T10:30:00Z"))));

    // then
    assertThat(withdrawn.statusCode()).as(withdrawn.body()).isEqualTo(200);
    assertThat(has(record)).isFalse();
  }

  @Test
  void whatIsHeldIsServedAlsoWhereItsEngagementWasTakenAway() {
    // given
    String record = record();
    push("svealab", json(transaction(lab(another, record))));
    JdbcClient database = system.application().getBean(JdbcClient.class);

    // when
    int gone =
        database
            .sql("DELETE FROM engagement WHERE resident = ? AND source_system = ?")
            .params(another, LAB)
            .update();

    // then
    assertThat(gone).isPositive();
    assertThat(has(another, record)).isTrue();
    JsonNode answer = caller.ask(Kind.LAB_RESULTS, another, "?limit=100");
    assertThat(HttpCaller.source(answer, LAB).path("outcome").asString()).isEqualTo("LIVE");
  }

  @Test
  void whatTheIndexDoesNotNameIsMissingForWhoHasNoGrant() throws Exception {
    // given
    String alone = Residents.whoShows("no bookings");
    push("svealab", json(transaction(lab(alone, record()))));
    system
        .application()
        .getBean(JdbcClient.class)
        .sql("DELETE FROM engagement WHERE resident = ? AND source_system = ?")
        .params(alone, LAB)
        .update();
    double before = askedOfNobody();

    // when
    SoapXml answer =
        SoapXml.parse(
            labs.soap(3, alone, "", Consumers.headers(Consumers.JOURNAL, Consumers.JOURNAL))
                .body());

    // then
    assertThat(askedOfNobody()).as("the operator is told").isGreaterThan(before);
    assertThat(answer.texts(SoapXml.EXTENSION, "complete")).containsExactly("false");
    assertThat(answer.bodyElement().getTextContent()).doesNotContain(LAB);
  }

  private static double askedOfNobody() {
    return system
        .application()
        .getBean(MeterRegistry.class)
        .find("samflode.sources")
        .tag("producer", "none")
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/labs/v1/records?since=%2B999999999-12-31T23:59:59-18:00",
        "/labs/v1/records?since=1066-10-14T09:00:00Z",
        "/labs/v1/records?since=yesterday",
        "/labs/v1/records?since=2026-11-20T00:00:00Z&cursor=MjAyNi0xMS0yMFQwMDowMDowMFp8QXxCAA",
        "/labs/v1/rejected?since=%2B999999999-12-31T23:59:59-18:00",
        "/labs/v1/rejected?since=2026-11-20T00:00:00Z&limit=0",
      })
  void aQuestionThatCannotBeReadIsTheCallersFault(String path) {
    // when
    HttpResponse<String> answer = caller.send(request("svealab", path).GET());

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
  }

  @Test
  void moreThanCanBeReadAtOnceIsToldAndNotShownInPart() {
    // given
    String whose = Residents.withoutBookings(7);
    String large = "x".repeat(6 * 1024 * 1024);
    for (int i = 0; i < 3; i++) {
      push("svealab", json(transaction(lab(whose, record()).conclusion(large + i))));
    }

    // when
    JsonNode answer = caller.ask(Kind.LAB_RESULTS, whose, "?limit=100");

    // then
    assertThat(HttpCaller.source(answer, LAB).path("reason").asString()).isEqualTo("too-large");
    assertThat(answer.path("complete").asBoolean(true)).isFalse();
    assertThat(answer.path("items").valueStream())
        .noneMatch(item -> item.path("sourceSystem").asString().equals(LAB));
  }

  @Test
  void whatIsOlderThanItsControllersRetentionIsForgotten() {
    // given
    String old = record();
    String young = record();
    String message = UUID.randomUUID().toString();
    push("svealab", json(transaction(lab(resident, old), lab(resident, young))));
    JdbcClient jdbc = system.application().getBean(JdbcClient.class);
    jdbc.sql("UPDATE lab_record SET changed_at = now() - interval '11 years' WHERE record_id = ?")
        .param(old)
        .update();
    jdbc.sql("INSERT INTO lab_message VALUES ('svealab', ?, '', now() - interval '31 days')")
        .param(message)
        .update();
    jdbc.sql(
            "INSERT INTO lab_rejection (sender, way, format, message_id, rejected_at, faults)"
                + " VALUES ('svealab', 'HTTP', 'FHIR_JSON', ?, now() - interval '2 years', '[]')")
        .param(message)
        .update();

    // when
    system.application().getBean(ScheduledTaskHolder.class).getScheduledTasks().stream()
        .map(task -> task.getTask().getRunnable())
        .filter(work -> work.toString().contains("LabRetention.forget"))
        .forEach(Runnable::run);

    // then
    assertThat(
            jdbc.sql("SELECT record_id FROM lab_version WHERE record_id IN (?, ?)")
                .params(old, young)
                .query(String.class)
                .list())
        .containsExactly(young);
    assertThat(
            jdbc.sql(
                    "SELECT message_id FROM lab_message WHERE message_id = ?"
                        + " UNION ALL SELECT message_id FROM lab_rejection WHERE message_id = ?")
                .params(message, message)
                .query(String.class)
                .list())
        .isEmpty();
  }

  @Test
  void muchIsReadOnlyWhereTheNodeHasRoomForIt() {
    // given
    String whose = Residents.withoutBookings(8);
    LabBundles.Lab[] much = new LabBundles.Lab[20];
    for (int i = 0; i < much.length; i++) {
      much[i] = lab(whose, record()).conclusion("x".repeat(60_000));
    }
    push("svealab", json(transaction(much)));
    ByteBudget budget = system.application().getBean(ByteBudget.class);
    long limit = DataSize.ofMegabytes(256).toBytes();

    // when
    JsonNode served = caller.ask(Kind.LAB_RESULTS, whose, "?limit=100");
    await().until(() -> budget.used() == 0);
    budget.take(limit);
    JsonNode busy = caller.ask(Kind.LAB_RESULTS, whose, "?limit=100");
    budget.giveBack(limit);
    JsonNode again = caller.ask(Kind.LAB_RESULTS, whose, "?limit=100");

    // then
    assertThat(List.of(served, again))
        .allSatisfy(answer ->
            assertThat(answer.path("items").valueStream())
                .filteredOn(item -> item.path("sourceSystem").asString().equals(LAB))
                .hasSize(much.length));
    assertThat(HttpCaller.source(busy, LAB).path("reason").asString()).isEqualTo("limited");
    assertThat(busy.path("complete").asBoolean(true)).isFalse();
    await().until(() -> budget.used() == 0);
  }

  @Test
  void theDashboardAndTheAlertsUseMetricsOfLabsThatExist() throws Exception {
    // given
    String record = record();
    push("svealab", json(transaction(lab(resident, record).value("2.1"))));
    push("svealab", json(transaction(lab(resident, record).value("2.2"))));
    push("svealab", "{}");
    String used =
        Files.readString(Path.of("docs/monitoring/alerts.yaml"))
            + Files.readString(Path.of("docs/monitoring/grafana-dashboard.json"));

    // when
    String metrics = caller.send(caller.management("/actuator/prometheus")).body();

    // then
    assertThat(
            Pattern.compile("\\bsamflode_lab_[a-z_]+")
                .matcher(used)
                .results()
                .map(MatchResult::group))
        .hasSizeGreaterThan(2)
        .allSatisfy(name -> assertThat(metrics).contains("\n" + name));
    assertThat(metrics)
        .contains(
            "samflode_lab_messages_total{outcome=\"stored\",sender=\"silent\",way=\"mllp\"} 0.0");
  }

  @Test
  void aResultThatChangesResidentIsWithdrawnFromTheFirst() {
    // given
    String record = record();
    push("svealab", json(transaction(lab(another, record).issued("2026-11-20T10:00:00Z"))));
    assertThat(has(another, record)).isTrue();

    // when
    push("svealab", json(transaction(lab(resident, record).issued("2026-11-20T11:00:00Z"))));

    // then
    assertThat(has(another, record)).isFalse();
    assertThat(has(resident, record)).isTrue();
  }

  @Test
  void whatIsHeldBackIsNotToldToTheResident() throws Exception {
    // given
    String record = record();

    // when
    push("svealab", json(transaction(lab(resident, record).discipline("genetik"))));

    // then
    assertThat(has(record)).isFalse();
    assertThat(ask().path("complete").asBoolean()).isTrue();
    assertThat(soap(4, "").bodyElement().getTextContent()).contains(record);
    assertThat(held("svealab", record).path("withdrawn").asBoolean()).isFalse();
  }

  @Test
  void aRecordThatIsFetchedTooIsServedOnceAndAsItWasPushed() {
    // given
    JsonNode before = item(ask(), fetched.id());
    assertThat(before.path("sourceSystem").asString()).isEqualTo(fetched.sourceSystem());

    // when
    HttpResponse<String> answer =
        push(
            "two-systems",
            json(
                transaction(
                    lab(resident, fetched.id())
                        .value("9.9")
                        .sourceSystem(fetched.sourceSystem())
                        .issued("2026-11-20T10:00:00Z"))));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(items(ask(), fetched.id())).hasSize(1);
    assertThat(value(fetched.id())).isEqualTo("9.9");
    assertThat(item(ask(), fetched.id()).path("id").asString())
        .isEqualTo(before.path("id").asString());

    // when it is withdrawn, the region still has it
    push(
        "two-systems",
        json(
            transaction(
                lab(resident, fetched.id())
                    .status("entered-in-error")
                    .sourceSystem(fetched.sourceSystem())
                    .issued("2026-11-20T11:00:00Z"))));

    // then
    assertThat(has(fetched.id())).isFalse();
  }

  @Test
  void aThousandResultsForOneResidentAtOnceAreOneTransaction() {
    // given
    String reserve = "98240301AA06";
    LabBundles.Lab[] many = new LabBundles.Lab[1000];
    for (int i = 0; i < many.length; i++) {
      many[i] = lab(reserve, record()).system("urn:oid:1.2.752.74.9.1");
    }

    // when
    HttpResponse<String> answer = push("svealab", json(transaction(many)));

    // then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(HttpCaller.json(answer).path("entry")).hasSize(5000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // what is replaced | by what | status | fault and path
        "\"resourceType\":\"Bundle\"|\"resourceType\":\"Bundl\"|400|unreadable ",
        "\"type\":\"transaction\"|\"type\":\"batch\"|422|unsupported Bundle.type",
        "\"type\":\"transaction\"|\"type\":\"message\"|422|missing Bundle.entry[0].resource",
        "\"identifier\":[{\"value\":\"L-|\"identifier\":[{\"vale\":\"L-|422|invalid"
            + " Bundle.entry[4].resource.identifier[0].vale",
        "\"status\":\"active\"|\"status\":\"ready\"|422|invalid Bundle.entry[2].resource.status",
        "\"status\":\"final\"|\"stauts\":\"final\"|422|invalid ",
        "\"effectiveDateTime\"|\"effectiveTime\"|422|invalid"
            + " Bundle.entry[3].resource.effectiveTime",
        "\"valueQuantity\"|\"valueAmount\"|422|invalid Bundle.entry[3].resource.valueAmount",
        "\"value\":5.2|\"value\":\"five\"|422|invalid ",
        "\"method\":\"POST\"|\"method\":\"DELETE\"|422|unsupported Bundle.entry[0].request.method",
        "\"resourceType\":\"Specimen\"|\"resourceType\":\"Device\"|422|invalid"
            + " Bundle.entry[1].resource.collection",
        "urn:oid:1.2.752.129.2.1.3.1|urn:oid:1.2.3|422|identity"
            + " Bundle.entry[0].resource.ofType(Patient).identifier",
        "urn:oid:1.2.752.129.2.1.3.1|urn:oid:1.2.752.129.2.1.3.3|422|identity"
            + " Bundle.entry[0].resource.ofType(Patient).identifier",
      })
  void whatIsWrongIsRejectedAndNamesThePlace(String from, String to, int status, String told) {
    // given
    String good = json(transaction(lab(resident, record())));
    String bad = good.replace(from, to);
    assertThat(bad).isNotEqualTo(good);

    // when
    HttpResponse<String> answer = push("svealab", bad);

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(fault(answer)).startsWith(told);
    assertThat(answer.body()).doesNotContain(resident).contains("OperationOutcome");
  }

  @Test
  void anObservationThatNoReportLeadsToIsNotDroppedInSilence() {
    // given
    Bundle bundle = transaction(lab(resident, record()));
    ((DiagnosticReport) bundle.getEntry().get(4).getResource()).getResult().clear();

    // when
    HttpResponse<String> answer = push("svealab", json(bundle));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(fault(answer)).isEqualTo("invalid Bundle.entry[3].resource.ofType(Observation)");
  }

  @Test
  void aWrongCheckDigitIsToldWithoutTheNumber() {
    // given
    String wrong = resident.substring(0, 11) + (resident.charAt(11) == '9' ? '8' : '9');

    // when
    HttpResponse<String> answer = push("svealab", json(transaction(lab(wrong, record()))));

    // then
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("check_digit").doesNotContain(wrong);
  }

  @Test
  void aDocumentTypeIsRefused() {
    // given
    String bad =
        "<!DOCTYPE Bundle [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
            + LabBundles.xml(transaction(lab(resident, record())));

    // when
    HttpResponse<String> answer =
        caller.send(
            labs.post("svealab", "/fhir/R4", bad)
                .setHeader("Content-Type", "application/fhir+xml"));

    // then
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("FHIR has no document type");
  }

  @Test
  void aMessageOfTenMegabytesIsRejected() {
    // given
    String large =
        json(transaction(lab(resident, record()).conclusion("x".repeat(10 * 1024 * 1024))));

    // when
    HttpResponse<String> answer = push("svealab", large);

    // then
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(fault(answer)).isEqualTo("too-large ");
  }

  @Test
  void aSenderPushesForItsOwnSourceSystemsOnly() {
    // given
    String foreign = json(transaction(lab(resident, record()).sourceSystem(OTHER_LAB)));
    String unnamed = json(transaction(lab(resident, record())));

    // when, then
    HttpResponse<String> denied = push("svealab", foreign);
    assertThat(denied.statusCode()).isEqualTo(403);
    assertThat(fault(denied)).startsWith("source-system Bundle.entry[4]").endsWith("meta.source");
    HttpResponse<String> which = push("two-systems", unnamed);
    assertThat(which.statusCode()).isEqualTo(403);
    assertThat(which.body()).contains("name the HSA-id of the one it is of");
  }

  @Test
  void onlySendersWithTheScopeGetIn() {
    // given
    String message = json(transaction(lab(resident, record())));

    // when, then
    assertThat(status(labs.post("svealab", "/fhir/R4", message).setHeader("Authorization", "none")))
        .isEqualTo(401);
    assertThat(
            status(
                labs.post("svealab", "/fhir/R4", message)
                    .setHeader("Authorization", "Bearer " + caller.token(resident))))
        .isEqualTo(401);
    assertThat(
            status(
                labs.post("svealab", "/fhir/R4", message)
                    .setHeader(
                        "Authorization", "Bearer " + labs.token("svealab", "lab-results.read"))))
        .isEqualTo(403);
    assertThat(status(labs.post("unknown", "/fhir/R4", message))).isEqualTo(401);
    assertThat(
            status(
                labs.post("svealab", "/fhir/R4", message).setHeader("Content-Type", "text/plain")))
        .isEqualTo(415);
    assertThat(status(request("svealab", "/fhir/R4/Patient").GET())).isEqualTo(404);
    assertThat(
            status(
                HttpRequest.newBuilder(labs.uri("/fhir/R4/metadata"))
                    .timeout(Duration.ofSeconds(20))))
        .isEqualTo(200);
    // a sender's token opens nothing else
    assertThat(
            status(
                caller
                    .request(Kind.LAB_RESULTS, resident, "")
                    .setHeader(
                        "Authorization", "Bearer " + labs.token("svealab", "lab-results.read"))))
        .isEqualTo(401);
  }

  @Test
  void aLabSeesWhatIsHeldAndWhatWasRejectedAndHasItTakenAgain() throws Exception {
    // given
    String since = Instant.now().minusSeconds(2).toString();
    String record = record();
    push("svealab", json(transaction(lab(resident, record))));
    HttpResponse<String> rejected =
        push("svealab", json(transaction(lab(resident, record()).sourceSystem("SE1-UNKNOWN"))));
    assertThat(rejected.statusCode()).isEqualTo(403);

    // when
    JsonNode records = get("svealab", "/labs/v1/records?since=" + encoded(since) + "&limit=1");
    JsonNode rejections = get("svealab", "/labs/v1/rejected?since=" + encoded(since));

    // then
    assertThat(records.path("count").asLong()).isPositive();
    assertThat(records.path("records")).hasSize(1);
    assertThat(held("svealab", record).path("status").asString()).isEqualTo("FINAL");
    JsonNode last = rejections.path("rejected").get(rejections.path("rejected").size() - 1);
    assertThat(last.at("/faults/0/code").asString()).isEqualTo("source-system");
    assertThat(rejections.toString()).doesNotContain(resident);

    // when, then
    String path = "/labs/v1/rejected/" + last.path("id").asLong() + "/resend";
    HttpResponse<String> still =
        caller.send(request("svealab", path).POST(BodyPublishers.noBody()));
    assertThat(still.statusCode()).as(still.body()).isEqualTo(422);
    HttpResponse<String> foreign =
        caller.send(request("two-systems", path).POST(BodyPublishers.noBody()));
    assertThat(foreign.statusCode()).isEqualTo(404);
    HttpResponse<String> noNumber =
        caller.send(
            request("svealab", "/labs/v1/rejected/one/resend").POST(BodyPublishers.noBody()));
    assertThat(noNumber.statusCode()).as(noNumber.body()).isEqualTo(400);
    assertThat(get("two-systems", "/labs/v1/rejected?since=" + encoded(since)).toString())
        .doesNotContain("SE1-UNKNOWN");
  }

  @Test
  void pagesThroughWhatIsHeldWithoutMissingAny() {
    // given
    String since = Instant.now().minusSeconds(2).toString();
    List<String> pushed = List.of(record(), record(), record(), record(), record());
    pushed.forEach(record ->
        push("two-systems", json(transaction(lab(resident, record).sourceSystem(OTHER_LAB)))));

    // when
    List<String> seen =
        pages("two-systems", since, 2).stream().map(r -> r.path("recordId").asString()).toList();

    // then
    assertThat(seen).containsAll(pushed).doesNotHaveDuplicates();
  }

  private static String record() {
    return "L-" + UUID.randomUUID();
  }

  private static HttpResponse<String> push(String client, String body) {
    return labs.push(client, body);
  }

  private static HttpResponse<String> process(String client, String body) {
    return labs.process(client, body);
  }

  private static HttpRequest.Builder request(String client, String path) {
    return labs.request(client, path);
  }

  private static int status(HttpRequest.Builder request) {
    return caller.send(request).statusCode();
  }

  private static JsonNode get(String client, String path) {
    HttpResponse<String> answer = caller.send(request(client, path).GET());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    LABS.assertValid(LABS.answerOf(path.replaceAll("\\?.*", "")), answer.body());
    return HttpCaller.json(answer);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static JsonNode held(String client, String record) {
    return pages(client, Instant.now().minusSeconds(3600).toString(), 1000).stream()
        .filter(each -> each.path("recordId").asString().equals(record))
        .findFirst()
        .orElseThrow();
  }

  /** Every record since a time, read page by page. */
  private static List<JsonNode> pages(String client, String since, int limit) {
    List<JsonNode> all = new ArrayList<>();
    String next = "";
    do {
      JsonNode page =
          get(
              client,
              "/labs/v1/records?since="
                  + encoded(since)
                  + "&limit="
                  + limit
                  + (next.isEmpty() ? "" : "&cursor=" + next));
      page.path("records").valueStream().forEach(all::add);
      next = page.path("next").asString("");
    } while (!next.isEmpty());
    return all;
  }

  private static String fault(HttpResponse<String> answer) {
    JsonNode issue = HttpCaller.json(answer).at("/issue/0");
    return issue.at("/details/coding/0/code").asString()
        + " "
        + issue.at("/expression/0").asString("");
  }

  private static JsonNode ask() {
    return caller.ask(Kind.LAB_RESULTS, resident, "?limit=100");
  }

  private static List<JsonNode> items(JsonNode answer, String record) {
    return answer
        .path("items")
        .valueStream()
        .filter(item -> item.path("documentId").asString().equals(record))
        .toList();
  }

  private static JsonNode item(JsonNode answer, String record) {
    return items(answer, record).getFirst();
  }

  private static boolean has(String record) {
    return has(resident, record);
  }

  private static boolean has(String whom, String record) {
    return !items(caller.ask(Kind.LAB_RESULTS, whom, "?limit=100"), record).isEmpty();
  }

  private static String value(String record) {
    return item(ask(), record).at("/groups/0/analyses/0/results/0/value").asString();
  }

  /** The answer over SOAP, when it is valid against its schema. */
  private static SoapXml valid(int major) throws Exception {
    SoapXml answer = soap(major, "");
    SoapXml.assertValid(
        answer.bodyElement(),
        "contracts/rivta/clinicalprocess/healthcond/actoutcome/GetLaboratoryOrderOutcome/"
            + major
            + "/GetLaboratoryOrderOutcomeResponder_"
            + (major == 3 ? "3.1" : "4.0")
            + ".xsd");
    return answer;
  }

  private static SoapXml soap(int major, String more) throws Exception {
    HttpResponse<String> answer = labs.soap(major, resident, more);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return SoapXml.parse(answer.body());
  }
}
