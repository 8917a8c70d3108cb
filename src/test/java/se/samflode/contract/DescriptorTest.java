package se.samflode.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ByteArrayResource;
import se.samflode.config.InvalidFile;
import se.samflode.config.YamlFiles;
import se.samflode.testing.DocumentedFiles;

/**
 * What is wrong with a descriptor is told at start: with the contract of docs/add-a-contract.md.
 */
class DescriptorTest {

  private static final DocumentedFiles FILES =
      new DocumentedFiles(Path.of("docs/add-a-contract.md"));
  private static final String FOLDER = "contracts/rivta/test/allergies/";
  private static final String DESCRIPTOR = FOLDER + "GetAllergies/1/contract.yaml";
  private static final String RESPONDER = FOLDER + "GetAllergies/1/GetAllergiesResponder_1.0.xsd";
  private static final String CORE = FOLDER + "core/test_allergies_1.0.xsd";

  @TempDir private Path folder;

  @BeforeEach
  void writeTheContract() throws IOException {
    FILES.writeContracts(folder);
  }

  @Test
  void takesTheContractOfTheDocument() throws IOException {
    // when
    Contract contract = contracts().named("GetAllergies 1");

    // then
    assertThat(contract.kind()).isNull();
    assertThat(contract.item().careUnit()).isEqualTo("header/careUnitHSAId");
    assertThat(contract.freshness().unproven()).isEqualTo(Duration.ofMinutes(5));
    assertThat(contract.limits()).isEqualTo(new Contract.Limits(null, 20));
    assertThat(contract.timeouts())
        .isEqualTo(new Contract.Timeouts(Duration.ofSeconds(15), Duration.ofSeconds(27)));
  }

  @Test
  void bookingsAreKeptForAMinute() {
    assertThat(new Contracts().named("GetSubjectOfCareSchedule 1").freshness().unproven())
        .isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @CsvSource({
    "interaction, interaction is missing",
    "domain, interaction.domain is missing",
    "operation, interaction.operation is missing",
    "major, 'a value is missing (at [\"interaction\"]->[\"major\"])'",
    "minor, a value is missing",
    "index, index is missing",
    "serviceDomain, index.serviceDomain is missing",
    "categorizations, index.categorizations is missing",
    "called, called is missing",
    "core, core is missing",
    "request, request is missing",
    "resident, request.resident is missing",
    "element: patientId, request.resident.element is missing",
    "id, request.resident.type needs request.resident.id",
    "item, item is missing",
    "element: allergy, item.element is missing",
    "type: AllergyType, item.type is missing",
    "resident: header/patientId/id, item.resident is missing",
    "text, result.text is missing",
  })
  void namesTheFieldThatIsMissing(String field, String problem) {
    // given
    String yaml = FILES.text(DESCRIPTOR);
    // Its line, and those further in below it.
    String without =
        yaml.replaceFirst(
            "(?m)^( *)" + field + (field.contains(":") ? "" : ":.*") + "\\n(\\1 .*\\n)*", "");
    assertThat(without).isNotEqualTo(yaml);

    // when
    var reading = assertThatThrownBy(() -> read(without));

    // then
    reading
        .isInstanceOf(InvalidFile.class)
        .hasMessageContaining("contract.yaml")
        .hasMessageContaining(problem)
        .hasMessageNotContaining("se.samflode");
  }

  @ParameterizedTest
  @CsvSource({
    "domain: test:allergies, domain: ../secret, interaction.domain must be a service domain",
    "operation: GetAllergies, operation: get, interaction.operation must be an operation",
    "major: 1, major: 0, interaction.major must be 1 to 99",
    "minor: 0, minor: -1, interaction.minor must be 0 to 99",
    "called: SOURCE_SYSTEM, called: NOBODY, '\"NOBODY\" is unknown; known are LOGICAL_ADDRESS,"
        + " SOURCE_SYSTEM'",
    "core:, kind: Lab_1, kind must be small letters",
    "core:, colour: red, 'the key \"colour\" is unknown; known are called, core, freshness, index'",
    "core:, 'more: { element: a, address: c, reference: b }', more needs request.refused",
    "careUnit: careUnitHSAId, careUnit: /careUnitHSAId, request.careUnit must be local names",
    "element: allergy, element: r:allergy, item.element must be",
    "resident: header/patientId/id, resident: /id, item.resident must be the path of the identity",
    "core:, freshness: { unproven: 13h }, freshness.unproven must be 1s to 12h",
    "core:, freshness: { unproven: 60 }, write a duration with its unit",
    "core:, freshness: {}, freshness.unproven is missing",
    "text: message, 'namespace: urn:x\n  text: message', result.aggregated is written in",
    "core:, limits: { answerMegabytes: 257 }, limits.answerMegabytes must be 1 to 256",
    "core:, limits: { pages: 0 }, limits.pages must be 1 to 1000",
    "core:, timeouts: { call: 26s }, timeouts.call must be 500ms to 25s",
    "core:, timeouts: { answer: 25s }, timeouts.answer must be 26s to 34s",
  })
  void saysWhatAWrongFieldMustBe(String text, String other, String problem) {
    // given
    String yaml = FILES.text(DESCRIPTOR);
    assertThat(yaml).contains(text);
    String replacement = text.endsWith(":") ? other + "\n" + text : other;

    // when
    var reading = assertThatThrownBy(() -> read(yaml.replace(text, replacement)));

    // then
    reading
        .isInstanceOf(InvalidFile.class)
        .hasMessageContaining("contract.yaml")
        .hasMessageContaining(problem);
  }

  static Stream<Arguments> disagreements() {
    return Stream.of(
        Arguments.of(
            DESCRIPTOR,
            "element: patientId",
            "element: patient",
            DESCRIPTOR
                + ": request.resident.element names patient, which "
                + RESPONDER
                + " does not have there; it has careUnitHSAId, patientId, sourceSystemHSAId"),
        Arguments.of(
            DESCRIPTOR, "  careUnit: careUnitHSAId", "  careUnit: unit", "request.careUnit names"),
        Arguments.of(
            DESCRIPTOR, "    id: id", "    id: extension", "names extension, which " + CORE),
        Arguments.of(DESCRIPTOR, "element: allergy", "element: allergies", "item.element names"),
        Arguments.of(
            DESCRIPTOR,
            "type: AllergyType",
            "type: Allergy",
            "item.type is Allergy, but "
                + RESPONDER
                + " says that allergy has the type AllergyType"),
        Arguments.of(
            DESCRIPTOR,
            "header/patientId/id",
            "header/patientId/extension",
            "item.resident names extension, which " + CORE + " does not have below allergy"),
        Arguments.of(
            DESCRIPTOR,
            "header/patientId/id",
            "header/patientId/id/extension",
            "item.resident names extension, which " + CORE + " does not have below allergy"),
        Arguments.of(DESCRIPTOR, "header/careUnitHSAId", "header/unit", "item.careUnit names unit"),
        Arguments.of(
            DESCRIPTOR,
            "request:",
            "more: { element: allergy, address: a, reference: b }\nrequest:\n"
                + "  refused: careUnitHSAId",
            "more.address names a, which " + CORE + " does not have below allergy"),
        Arguments.of(DESCRIPTOR, "text: message", "text: words", "result.text names words"),
        Arguments.of(DESCRIPTOR, "logId: NA", "log: NA", "result.aggregated names log"),
        Arguments.of(
            DESCRIPTOR,
            "core: urn:riv:test:allergies:1",
            "core: urn:riv:test:allergies:2",
            "core is urn:riv:test:allergies:2, but " + RESPONDER + " does not import it"),
        Arguments.of(
            DESCRIPTOR,
            "minor: 0",
            "minor: 1",
            "GetAllergiesInteraction_1.1_RIVTABP21.wsdl: the file is missing"),
        Arguments.of(
            DESCRIPTOR,
            "major: 1",
            "major: 2",
            "interaction says that the file is " + DESCRIPTOR.replace("/1/", "/2/")),
        Arguments.of(
            RESPONDER,
            "targetNamespace=\"urn:riv:test:allergies:GetAllergiesResponder:1\"",
            "targetNamespace=\"urn:x\"",
            RESPONDER + ": targetNamespace must be urn:riv:test:allergies:GetAllergiesResponder:1"),
        Arguments.of(
            RESPONDER,
            "<xs:element name=\"GetAllergies\"",
            "<xs:element name=\"Get\"",
            RESPONDER + ": declare the element GetAllergies"),
        Arguments.of(
            RESPONDER,
            "schemaLocation=\"../../core/",
            "schemaLocation=\"../core/",
            "core/test_allergies_1.0.xsd: the file is missing"),
        Arguments.of(
            RESPONDER, "</xs:schema>", "", RESPONDER + ": the file is not well-formed XML"),
        Arguments.of(
            CORE,
            "complexType name=\"AllergyType\"",
            "complexType name=\"Allergy\"",
            "item.type is AllergyType, but " + CORE + " declares no such complex type"),
        Arguments.of(
            CORE,
            "simpleType name=\"SeverityEnum\"",
            "simpleType name=\"Severity\"",
            CORE + ": line 7: src-resolve"),
        Arguments.of(
            CORE,
            "<xs:complexType name=\"AllergyType\">",
            "<xs:import namespace=\"urn:x\" schemaLocation=\"x.xsd\"/><xs:complexType"
                + " name=\"AllergyType\">",
            FOLDER + "core/x.xsd: the file is missing; " + CORE + " imports it"));
  }

  @ParameterizedTest
  @MethodSource
  void disagreements(String file, String text, String other, String problem) throws IOException {
    // given
    String good = FILES.text(file);
    assertThat(good).contains(text);
    Files.writeString(folder.resolve(file), good.replace(text, other));

    // when
    InvalidFile failed = catchThrowableOfType(InvalidFile.class, this::contracts);

    // then
    assertThat(failed).hasMessageContaining(problem);
    assertThat(failed.getMessage()).doesNotContain("se.samflode", "Exception", "null", "-item");
  }

  private Contracts contracts() throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader alone =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(alone);
      return new Contracts();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Contract read(String yaml) {
    return YamlFiles.read(
        new ByteArrayResource(yaml.getBytes(UTF_8), "contract.yaml"), Contract.class);
  }
}
