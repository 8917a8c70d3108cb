package se.samflode.mockregions;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import se.samflode.contract.Contracts;
import se.samflode.mockregions.RecordContracts.Contract;

/** The journal and lab systems over real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordSystemsTest {

  private static final RecordContracts CONTRACTS = RecordContracts.read();

  private final RegionsFile file =
      RegionsFile.read(new FileSystemResource(MockRegions.FOLDER.resolve("regions.yaml")));
  private final SoapCaller caller = new SoapCaller();
  private MockRegions regions;

  @BeforeAll
  void start() {
    regions = MockRegions.start(new MockRegions.Settings(7, LocalDate.of(2026, 11, 21), false));
    good();
  }

  @AfterEach
  void good() {
    regions.regions().forEach(region -> regions.setBehaviour(region, new Behaviour(0, null)));
    regions.clearCalls();
  }

  @AfterAll
  void stop() {
    caller.close();
    regions.close();
  }

  static Stream<String> contracts() {
    return CONTRACTS.contracts().stream().map(Contract::name);
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void everySystemThatHasAContractGivesAllRecordsOfAResident(String name) throws Exception {
    // given
    Contract contract = contract(name);
    List<RecordFact> asked = onePerSystem(contract);

    for (RecordFact fact : asked) {
      // when
      List<String> pages = pages(contract, fact);

      // then
      assertThat(pages.stream().flatMap(RecordSystemsTest::ids))
          .containsExactlyInAnyOrderElementsOf(
              all(other ->
                      other.residentId().equals(fact.residentId())
                          && other.producer().equals(fact.producer())
                          && other.kind().equals(contract.kind())
                          && (contract.tellsNullified() || !other.nullified()))
                  .stream()
                  .map(RecordFact::id)
                  .toList());
    }
    assertThat(asked).hasSizeGreaterThan(5);
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void questionsAndAnswersAreValid(String name) throws Exception {
    // given
    Contract contract = contract(name);
    String wsdl = new Contracts().named(name).interaction().wsdl();
    String schema = wsdl.replaceFirst("Interaction_(.*)_RIVTABP21.wsdl", "Responder_$1.xsd");
    OriginalSchemas schemas =
        new OriginalSchemas(
            SchemaFactory.newDefaultInstance().newSchema(new ClassPathResource(schema).getURL()),
            List.of());

    for (RecordFact fact : onePerSystem(contract)) {
      // when
      List<String> pages = pages(contract, fact);

      // then
      schemas.validateBody(RecordQuestions.about(contract, fact));
      for (String page : pages) {
        schemas.validateBody(page);
      }
    }
  }

  @Test
  void documentsComeInPagesInOneRegion() throws Exception {
    // given
    RecordFact fact = ofSecond("stockholm", "care-documentation", some -> true);

    // when
    List<String> pages = pages(contract("GetCareDocumentation 3"), fact);

    // then
    assertThat(pages).hasSize(2);
    assertThat(pages.getFirst()).contains("<r:logicalAddress>" + fact.sourceSystem() + "<");
    assertThat(pages).allSatisfy(page -> assertThat(ids(page)).hasSizeBetween(1, 2));
    assertThat(pages.getLast()).doesNotContain("hasMore");
  }

  @Test
  void theSecondResidentShowsEveryKindFromThreeRegions() {
    // when
    List<RecordFact> records = regions.records(regions.residents().get(1).id());

    // then
    assertThat(records.stream().collect(Collectors.groupingBy(RecordFact::kind)))
        .containsOnlyKeys(CONTRACTS.kinds().keySet())
        .allSatisfy((kind, of) ->
            assertThat(of.stream().map(RecordFact::region).distinct())
                .containsExactlyInAnyOrder("stockholm", "uppsala", "ostergotland"));
  }

  @Test
  void oneDocumentIsWithdrawnAndOneIsNotForThePatient() throws Exception {
    // given
    RecordFact withdrawn = ofSecond("uppsala", "care-documentation", RecordFact::nullified);
    RecordFact kept = ofSecond("ostergotland", "care-documentation", fact -> !fact.approved());

    // when
    String uppsala = ask("GetCareDocumentation 2", withdrawn, Map.of());
    String ostergotland = ask("GetCareDocumentation 3", kept, Map.of());

    // then
    assertThat(item(uppsala, withdrawn)).contains("<c:nullified>true<", "Skriven i fel patients");
    assertThat(item(ostergotland, kept)).contains("<c:approvedForPatient>false<");
  }

  @Test
  void limitsTheAnswerToCareUnitDaysAndSource() throws Exception {
    // given
    RecordFact fact = ofSecond("uppsala", "diagnosis", some -> true);
    String day = Soap.timestamp(fact.time()).substring(0, 8);
    String before = Soap.timestamp(fact.time().minusDays(1)).substring(0, 8);
    String unit = String.valueOf(fact.values().get("careUnit"));

    // when + then
    assertThat(diagnoses(fact, Map.of("careUnitHSAId", unit))).contains(fact.id());
    assertThat(diagnoses(fact, Map.of("careUnitHSAId", "SE0-OTHER"))).isEmpty();
    assertThat(diagnoses(fact, Map.of("timePeriod/start", day, "timePeriod/end", day)))
        .contains(fact.id());
    assertThat(diagnoses(fact, Map.of("timePeriod/start", "20000101", "timePeriod/end", before)))
        .doesNotContain(fact.id());
    assertThat(diagnoses(fact, Map.of("sourceSystemHSAId", fact.sourceSystem())))
        .contains(fact.id());
    assertThat(diagnoses(fact, Map.of("sourceSystemHSAId", "SE0-OTHER"))).isEmpty();
  }

  @Test
  void requestsOfOneTypeAreAskedForByTheirCode() throws Exception {
    // given
    RecordFact fact = ofSecond("uppsala", "request-activity", some -> true);

    // when
    String asked =
        ask("GetRequestActivities 1", fact, Map.of("typeOfRequest", fact.categorization()));
    String other = ask("GetRequestActivities 1", fact, Map.of("typeOfRequest", "9"));

    // then
    assertThat(ids(asked)).contains(fact.id());
    assertThat(ids(other)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GetLaboratoryOrderOutcome 3", "GetLaboratoryOrderOutcome 4"})
  void oneRegionGivesTheSameResultsInBothVersions(String name) throws Exception {
    // given
    RecordFact fact =
        all(some -> some.producer().equals("skane-lab") && !some.nullified()).getFirst();

    // when
    String answer = ask(name, fact, Map.of());

    // then
    assertThat(ids(answer)).contains(fact.id());
    assertThat(answer).contains("1.2.752.108.1");
  }

  @Test
  void oneRegionBringsATextWithEveryResult() throws Exception {
    // when
    String journal =
        ask(
            "GetCareDocumentation 3",
            ofSecond("ostergotland", "care-documentation", f -> true),
            Map.of());
    String lab =
        ask(
            "GetLaboratoryOrderOutcome 3",
            ofSecond("ostergotland", "laboratory", f -> true),
            Map.of());

    // then
    assertThat(journal).contains("<c:resultCode>INFO<", "<c:resultText>Uppgifter från före 2019");
    assertThat(lab).contains("<c:resultCode>INFO<", "<c:message>Svar från före 2019");
  }

  @Test
  void aThousandResultsComeInOneAnswer() throws Exception {
    // given
    RecordFact fact = all(some -> some.id().equals("L001000")).getFirst();

    // when
    String answer = ask("GetLaboratoryOrderOutcome 4", fact, Map.of());

    // then
    assertThat(fact.region()).isEqualTo("varmland");
    assertThat(ids(answer)).hasSize(1000);
  }

  @Test
  void oneReserveNumberHasALabResult() {
    assertThat(
            regions.residents().stream()
                .filter(resident -> resident.kind() == Resident.Kind.RESERVE)
                .flatMap(resident -> regions.records(resident.id()).stream())
                .map(RecordFact::kind))
        .containsExactly("laboratory");
  }

  @Test
  void anotherResidentsItemComesOnlyWhenTold() throws Exception {
    // given
    RecordFact fact = ofSecond("uppsala", "diagnosis", some -> true);
    List<String> own = diagnoses(fact, Map.of());

    // when
    regions.setBehaviour("uppsala", new Behaviour(0, Fault.OTHER_RESIDENT));
    String mixed = ask("GetDiagnosis 2", fact, Map.of());

    // then
    assertThat(ids(mixed)).hasSize(own.size() + 1).containsAll(own);
    assertThat(texts(mixed, "c:id").distinct()).hasSize(2).contains(fact.residentId());
  }

  @Test
  void oneSystemFailsAloneUntilTheRegionIsToldSomething() throws Exception {
    // given
    RecordFact lab = ofSecond("uppsala", "laboratory", some -> true);
    RecordFact journal = ofSecond("uppsala", "diagnosis", some -> true);
    String control =
        "http://localhost:" + regions.controlPort() + "/__mock/regions/uppsala/lab/behaviour";

    // when
    int told = caller.send("PUT", control, "{\"fault\":\"http-500\"}").statusCode();

    // then
    assertThat(told).isEqualTo(204);
    assertThat(status("GetLaboratoryOrderOutcome 3", lab)).isEqualTo(500);
    assertThat(status("GetDiagnosis 2", journal)).isEqualTo(200);
    regions.setBehaviour("uppsala", new Behaviour(0, null));
    assertThat(status("GetLaboratoryOrderOutcome 3", lab)).isEqualTo(200);
    assertThat(caller.send("PUT", control, "{\"fault\":\"down\"}").body())
        .contains("tell the region");
    assertThat(caller.send("PUT", control.replace("lab", "x"), "{}").body())
        .contains("one of tidbok, journal, lab");
  }

  @Test
  void refusesWhatARealSystemWouldRefuse() throws Exception {
    // given
    RecordFact fact = ofSecond("stockholm", "care-documentation", some -> true);
    Contract contract = contract("GetCareDocumentation 3");
    String good = RecordQuestions.about(contract, fact);
    Map<String, String> bad =
        Map.of(
            good.replace(fact.residentId(), ""),
            "extension is missing",
            good.replace("c:root", "r:root"),
            "root is missing",
            good.replace("Responder:3", "Responder:4"),
            "none of",
            good.replace(">" + fact.sourceSystem(), ">SE0-OTHER"),
            "LogicalAddress must be",
            RecordQuestions.about(contract, fact, Map.of("hasMoreReference", "x")),
            "hasMoreReference",
            RecordQuestions.about(contract, fact, Map.of("datePeriod/start", "2026")),
            "datePeriod/start must be",
            good.substring(0, 100),
            "cannot be read");

    for (Map.Entry<String, String> question : bad.entrySet()) {
      // when
      HttpResponse<String> answer = caller.ask(regions, fact, question.getKey());

      // then
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).contains("soap:Client", question.getValue());
    }
  }

  private Contract contract(String name) {
    return CONTRACTS.contracts().stream()
        .filter(contract -> contract.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private boolean answers(RecordFact fact, Contract contract) {
    return file.regions().stream()
        .flatMap(region -> region.recordSystems().stream())
        .anyMatch(system ->
            system.hsaId().equals(fact.sourceSystem())
                && system.contracts().contains(contract.name())
                && fact.kind().equals(contract.kind()));
  }

  private List<RecordFact> onePerSystem(Contract contract) {
    return List.copyOf(
        all(fact -> answers(fact, contract) && fact.residentId().matches("\\d{12}")).stream()
            .collect(Collectors.toMap(RecordFact::producer, fact -> fact, (first, next) -> first))
            .values());
  }

  private List<String> pages(Contract contract, RecordFact fact) throws Exception {
    List<String> pages = new ArrayList<>();
    Map<String, String> more = Map.of();
    do {
      pages.add(ask(contract.name(), fact, more));
      more = Map.of("hasMoreReference", one(pages.getLast(), "r:reference"));
    } while (!more.containsValue(""));
    return pages;
  }

  private List<RecordFact> all(Predicate<RecordFact> wanted) {
    return regions.residents().stream()
        .flatMap(resident -> regions.records(resident.id()).stream())
        .filter(wanted)
        .toList();
  }

  private RecordFact ofSecond(String region, String kind, Predicate<RecordFact> wanted) {
    return regions.records(regions.residents().get(1).id()).stream()
        .filter(fact -> fact.region().equals(region) && fact.kind().equals(kind))
        .filter(wanted)
        .findFirst()
        .orElseThrow();
  }

  private String ask(String name, RecordFact fact, Map<String, String> more) throws Exception {
    return caller.ask(regions, fact, RecordQuestions.about(contract(name), fact, more)).body();
  }

  private int status(String name, RecordFact fact) throws Exception {
    return caller.ask(regions, fact, RecordQuestions.about(contract(name), fact)).statusCode();
  }

  private List<String> diagnoses(RecordFact fact, Map<String, String> more) throws Exception {
    return ids(ask("GetDiagnosis 2", fact, more)).toList();
  }

  /** Ids of the items in an answer, wherever its contract has them. */
  private static Stream<String> ids(String body) {
    Pattern id =
        Pattern.compile(
            "<c:documentId>(\\w+)<|<c:record>\\s*<c:id>\\s*<c:root>[^<]*</c:root>\\s*"
                + "<c:extension>(\\w+)<|<c:receiverRequestId>(\\w+)<");
    return id.matcher(body)
        .results()
        .flatMap(found -> Stream.of(1, 2, 3).map(found::group).filter(Objects::nonNull));
  }

  private static Stream<String> texts(String body, String element) {
    return Pattern.compile("<" + element + ">([^<]*)</" + element + ">")
        .matcher(body)
        .results()
        .map(found -> found.group(1));
  }

  private static String one(String body, String element) {
    return texts(body, element).findFirst().orElse("");
  }

  private static String item(String body, RecordFact fact) {
    return Stream.of(body.split("</r:careDocumentation>", -1))
        .filter(item -> item.contains(">" + fact.id() + "<"))
        .findFirst()
        .orElseThrow();
  }
}
