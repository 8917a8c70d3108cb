package se.samflode.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import se.samflode.contract.Xml;
import se.samflode.identity.LogicalAddress;

/** What the readers of all contracts that are read through a tree make of an item. */
class ItemReadersTest {

  static List<String> contracts() throws IOException {
    return Items.contracts();
  }

  @Test
  void thereAreExamplesOfEveryContractThatHasAReader() throws IOException {
    // then
    assertThat(contracts())
        .containsExactly(
            "GetCareContacts 2",
            "GetCareContacts 3",
            "GetCareDocumentation 2",
            "GetCareDocumentation 3",
            "GetCarePlans 2",
            "GetDiagnosis 2",
            "GetLaboratoryOrderOutcome 3",
            "GetLaboratoryOrderOutcome 4",
            "GetReferralOutcome 3",
            "GetRequestActivities 1");
    assertThat(Readers.of("GetSubjectOfCareSchedule 1")).isPresent();
    assertThat(Readers.of("GetVaccinationHistory 2")).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contracts")
  void takesNoNoticeOfElementsItDoesNotKnowNorOfTheirOrder(String contract) throws Exception {
    // given
    String item = Items.everything(contract);

    // then
    assertThat(Items.read(contract, Trees.withUnknownElements(item)))
        .isEqualTo(Items.read(contract, item));
    assertThat(Items.read(contract, Trees.withHeaderReversed(item)))
        .isEqualTo(Items.read(contract, item));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contracts")
  void readsNothingFromAnotherNamespace(String contract) throws Exception {
    // given
    String moved =
        Items.everything(contract).replaceAll("xmlns:core=\"[^\"]*", "xmlns:core=\"urn:x");

    // then
    assertThat(Items.read(contract, moved)).isInstanceOf(ItemResult.Bad.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contracts")
  void givesAnotherIdToAnotherRecordAndToOneOfAnotherSystem(String contract) throws Exception {
    // given
    String item = Items.everything(contract);
    String otherRecord = item.replaceAll("DOK-1|LAB-2026-17|REM-7", "DOK-X");
    String otherSystem = item.replaceAll("SE2321000016-(J001|LAB1|R001)<", "SE2321000016-X001<");
    String lowerCase = item.replaceAll("SE2321000016-(J|LAB|R)([0-9]+)<", "se2321000016-$1$2<");

    // then
    assertThat(Set.of(id(contract, item), id(contract, otherRecord), id(contract, otherSystem)))
        .hasSize(3)
        .allSatisfy(id -> assertThat(id).hasSize(24).matches("[A-Za-z0-9_-]+"));
    assertThat(id(contract, lowerCase)).isEqualTo(id(contract, item));
  }

  @Test
  void givesARecordTheSameIdInBothVersionsOfItsContract() throws Exception {
    for (String contract :
        List.of("GetLaboratoryOrderOutcome", "GetCareDocumentation", "GetCareContacts")) {
      // given
      List<String> versions = contracts().stream().filter(c -> c.startsWith(contract)).toList();

      // then
      assertThat(versions).hasSize(2);
      assertThat(id(versions.getFirst(), Items.everything(versions.getFirst())))
          .isEqualTo(id(versions.getLast(), Items.everything(versions.getLast())));
    }
  }

  @Test
  void takesTheAddressAskedForTheSystemOfARecordThatNamesNone() throws Exception {
    // given
    String contract = "GetDiagnosis 2";
    String item = Items.everything(contract).replaceAll("<core:sourceSystemHSAId>.*</core:.*>", "");
    LogicalAddress same = new LogicalAddress("se2321000016-lab1");
    LogicalAddress other = new LogicalAddress("SE2321000016-LAB2");

    // then
    assertThat(read(Items.read(contract, item, same)).id()).isEqualTo(id(contract, item));
    assertThat(read(Items.read(contract, item, other)).id()).isNotEqualTo(id(contract, item));
  }

  @Test
  void sortsByTheTimeOfWhatHappened() throws Exception {
    // given
    String day = "<core:diagnosisTime>20260301<";
    String contact =
        Items.everything("GetCareContacts 3").replaceAll("(?s)<core:start>.*</core:end>", "");

    // then
    assertThat(sortTime("GetLaboratoryOrderOutcome 4")).isEqualTo("2026-11-19T13:30:00Z");
    assertThat(sortTime("GetCareContacts 2")).isEqualTo("2026-11-19T08:15:00Z");
    assertThat(((ItemResult.Read<?>) Items.read("GetCareContacts 3", contact)).sortTime())
        .isEqualTo(Instant.parse("2026-11-19T14:00:00Z"));
    assertThat(sortTime("GetDiagnosis 2")).isEqualTo("2026-02-28T23:00:00Z");
    assertThat(
            Items.read(
                "GetDiagnosis 2",
                Items.everything("GetDiagnosis 2")
                    .replace("<core:diagnosisTime>20260301000000<", day)))
        .isInstanceOfSatisfying(
            ItemResult.Read.class,
            read -> assertThat(read.sortTime()).isEqualTo(Instant.parse("2026-02-28T23:00:00Z")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contracts")
  void keepsAllButTheIdWhenItGetsAnother(String contract) throws Exception {
    // given
    ReadModelItem item = read(Items.read(contract, Items.everything(contract)));

    // when
    ReadModelItem renamed = item.withId("other");

    // then
    assertThat(renamed.id()).isEqualTo("other");
    assertThat(renamed.source()).isEqualTo(Items.SOURCE.value());
    assertThat(renamed.withId(item.id())).isEqualTo(item);
  }

  @Test
  void failsOnXmlThatIsNotWellFormedAndMustStandAtAStartTag() throws Exception {
    // given
    String contract = "GetDiagnosis 2";
    String item = Items.everything(contract);
    XMLStreamReader in =
        Xml.atRoot(new ByteArrayInputStream(item.getBytes(StandardCharsets.UTF_8)), null);
    in.next();

    // then
    for (String broken : List.of("&secret;", "\u0001", "</x>", "<a", "]]>")) {
      assertThatExceptionOfType(XMLStreamException.class)
          .isThrownBy(() -> Items.read(contract, item.replace("Astma,", broken)));
    }
    assertThatIllegalStateException()
        .isThrownBy(() ->
            Readers.of(contract).orElseThrow().read(in, Items.ASKED::isWrittenAs, Items.SOURCE));
  }

  private static @Nullable Instant sortTime(String contract) throws Exception {
    ItemResult<?> result = Items.read(contract, Items.everything(contract));
    return ((ItemResult.Read<?>) result).sortTime();
  }

  private static String id(String contract, String item) throws XMLStreamException {
    return read(Items.read(contract, item)).id();
  }

  private static ReadModelItem read(ItemResult<?> result) {
    return ((ItemResult.Read<?>) result).item();
  }
}
