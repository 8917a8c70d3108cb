package se.samflode.build;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house rules: floors, borders to the outside world, and what routes may name. */
class ArchitectureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("se.samflode");

  /** Which packages may use a library of the outside world; all others may not. */
  private static final Map<String, List<String>> BORDERS =
      Map.ofEntries(
          entry(
              "org.apache.camel..",
              List.of("se.samflode.producer..", "se.samflode.exchange..", "se.samflode.lab..")),
          entry("org.apache.kafka..", List.of("se.samflode.exchange..")),
          entry("org.apache.hc..", List.of("se.samflode.producer..")),
          entry("io.github.resilience4j..", List.of("se.samflode.producer..")),
          entry("org.apache.cxf..", List.of("se.samflode.api.rivta..", "se.samflode.exchange..")),
          entry("jakarta.xml.ws..", List.of("se.samflode.api.rivta..")),
          entry("ch.qos.logback..", List.of("se.samflode.config..")),
          entry(
              "java.sql..",
              List.of("se.samflode.index..", "se.samflode.exchange..", "se.samflode.lab..")),
          entry("ca.uhn.fhir..", List.of("se.samflode.lab..", "se.samflode.api.fhir..")),
          entry("org.hl7.fhir..", List.of("se.samflode.lab..", "se.samflode.api.fhir..")),
          entry("ca.uhn.hl7v2..", List.of("se.samflode.lab..")),
          entry("io.netty..", List.of("se.samflode.lab..")),
          entry(
              "org.springframework.jdbc..",
              List.of(
                  "se.samflode.index..",
                  "se.samflode.exchange..",
                  "se.samflode.lab..",
                  "se.samflode.federation..")),
          entry("org.ehcache..", List.of("se.samflode.access..", "se.samflode.federation..")),
          entry("org.postgresql..", List.of("se.samflode.index..")),
          entry("org.springframework.web..", List.of("se.samflode.api..")),
          entry("picocli..", List.of("se.samflode.commands..")),
          entry("me.tongfei..", List.of("se.samflode.commands..")),
          entry("de.siegmar..", List.of("se.samflode.commands..", "se.samflode.index..")),
          entry(
              "com.fasterxml.aalto..",
              List.of("se.samflode.contract..", "se.samflode.readmodel..")));

  /** The beans that a route may name. */
  private static final Set<String> ROUTE_BEANS =
      Set.of(
          "writeEnvelope",
          "readAnswer",
          "storeUpdates",
          "storeResults",
          "recordWaits",
          "recordAnswered",
          "takeHl7Results");

  @Test
  void aPackageUsesOnlyThoseOnLowerFloors() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("se.samflode..")
        .layer("identity")
        .definedBy("se.samflode.identity..")
        .layer("config")
        .definedBy("se.samflode.config..")
        .layer("contract")
        .definedBy("se.samflode.contract..")
        .layer("index")
        .definedBy("se.samflode.index..")
        .layer("producer")
        .definedBy("se.samflode.producer..")
        .layer("access")
        .definedBy("se.samflode.access..")
        .layer("readmodel")
        .definedBy("se.samflode.readmodel..")
        .layer("exchange")
        .definedBy("se.samflode.exchange..")
        .layer("lab")
        .definedBy("se.samflode.lab..")
        .layer("federation")
        .definedBy("se.samflode.federation..")
        .layer("api")
        .definedBy("se.samflode.api..")
        .layer("commands")
        .definedBy("se.samflode.commands..")
        .layer("application")
        .definedBy("se.samflode")
        .whereLayer("identity")
        .mayNotAccessAnyLayer()
        .whereLayer("config")
        .mayNotAccessAnyLayer()
        .whereLayer("contract")
        .mayOnlyAccessLayers("identity", "config")
        .whereLayer("index")
        .mayOnlyAccessLayers("identity", "config", "contract")
        .whereLayer("producer")
        .mayOnlyAccessLayers("identity", "config", "contract")
        .whereLayer("access")
        .mayOnlyAccessLayers("identity", "config", "contract")
        .whereLayer("readmodel")
        .mayOnlyAccessLayers("identity", "config", "contract")
        .whereLayer("exchange")
        .mayOnlyAccessLayers("identity", "config", "contract", "index", "producer", "access")
        .whereLayer("exchange")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("lab")
        .mayOnlyAccessLayers("identity", "config", "contract", "index", "access")
        .whereLayer("commands")
        .mayOnlyAccessLayers("config", "index", "lab")
        .whereLayer("commands")
        .mayOnlyBeAccessedByLayers("application")
        .whereLayer("api")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("federation")
        .mayOnlyBeAccessedByLayers("api")
        .check(MAIN);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("se.samflode.(**)").should().beFreeOfCycles().check(MAIN);
  }

  static Stream<String> libraries() {
    return BORDERS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aLibraryIsUsedOnlyWhereItBelongs(String library) {
    noClasses()
        .that()
        .resideOutsideOfPackages(BORDERS.getOrDefault(library, List.of()).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(MAIN);
  }

  @Test
  void timeComesFromAClockAndLogsFromTheLogger() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(MAIN);
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION.check(MAIN);
    noClasses()
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.time.LocalDate.class, "now")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(java.util.Date.class, java.util.Calendar.class)
        .check(MAIN);
  }

  @Test
  void everyPackageIsNullMarkedAndSaysWhatItIsFor() throws IOException {
    // given
    try (Stream<Path> folders = Files.walk(Path.of("src/main/java/se/samflode"))) {
      List<Path> packages =
          folders.filter(Files::isDirectory).filter(ArchitectureTest::holdsJava).toList();

      // then
      assertThat(packages)
          .isNotEmpty()
          .allSatisfy(folder ->
              assertThat(Files.readString(folder.resolve("package-info.java")))
                  .contains("@NullMarked")
                  .contains("/**"));
    }
  }

  @Test
  void routesNameOnlyBeansOnTheList() throws IOException {
    // given
    Set<String> named = new TreeSet<>();
    try (Stream<Path> routes = Files.list(Path.of("routes"))) {
      for (Path route : routes.toList()) {
        Matcher bean =
            Pattern.compile("\\b(?:ref|\\w+Ref): *\"?#?(\\w+)").matcher(Files.readString(route));
        while (bean.find()) {
          named.add(bean.group(1));
        }
      }
    }

    // then
    assertThat(named).isEqualTo(new TreeSet<>(ROUTE_BEANS));
  }

  private static boolean holdsJava(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(f -> f.toString().endsWith(".java"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
