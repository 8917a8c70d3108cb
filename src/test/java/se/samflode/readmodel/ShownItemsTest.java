package se.samflode.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which items may be shown at all, of every contract that is read through a tree. */
class ShownItemsTest {

  private static final ItemResult<?> OTHER_RESIDENT = new ItemResult.OtherResident<>();

  /** Whose header does not say whose the item is. */
  private static final String WITHOUT_RESIDENT = "GetLaboratoryOrderOutcome 4";

  /** What is not part of the record has no approval. */
  private static final String WITHOUT_APPROVAL = "GetRequestActivities 1";

  private static final Pattern LAST_IDENTITY =
      Pattern.compile(
          "(.*<core:(?:patientId|subjectOfCareId)>.*?)" + Items.ASKED.value(), Pattern.DOTALL);

  static List<String> contracts() throws IOException {
    return Items.contracts();
  }

  static Stream<String> personal() throws IOException {
    return contracts().stream().filter(contract -> !contract.equals(WITHOUT_RESIDENT));
  }

  static Stream<String> records() throws IOException {
    return contracts().stream().filter(contract -> !contract.equals(WITHOUT_APPROVAL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("personal")
  void neverReadsAnItemAboutSomebodyElse(String contract) throws Exception {
    // given
    String other = Items.everything(contract).replace(Items.ASKED.value(), Items.OTHER);

    // then
    assertThat(Items.read(contract, other)).isEqualTo(OTHER_RESIDENT);
    assertThat(Items.read(contract, withdrawn(other))).isEqualTo(OTHER_RESIDENT);
    assertThat(Items.read(contract, withText(other, "a".repeat(70_000)))).isEqualTo(OTHER_RESIDENT);
    assertThat(Items.read(contract, tooDeepAtTheStart(other))).isEqualTo(OTHER_RESIDENT);
    assertThat(Items.read(contract, tooManyAtTheStart(other))).isEqualTo(OTHER_RESIDENT);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("personal")
  void takesAnItemForSomebodyElsesIfItNamesTwo(String contract) throws Exception {
    // given
    String both = Trees.withRootsChildrenTwice(Items.everything(contract));
    String second = LAST_IDENTITY.matcher(both).replaceFirst("$1" + Items.OTHER);

    // then
    assertThat(Items.read(contract, both)).isInstanceOf(ItemResult.Read.class);
    assertThat(Items.read(contract, second)).isEqualTo(OTHER_RESIDENT);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contracts")
  void comparesTheResidentButForBlanksAndSeparator(String contract) throws Exception {
    // given
    String written =
        Items.everything(contract).replace(Items.ASKED.value(), "\n <!-- - --> 19850101-2382 ");

    // then
    assertThat(Items.read(contract, written)).isInstanceOf(ItemResult.Read.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contracts")
  void doesNotShowWhatDoesNotSayWhoseItIs(String contract) throws Exception {
    // given
    String nobodys = Items.everything(contract).replace(Items.ASKED.value(), " ");

    // then
    assertThat(Items.read(contract, nobodys))
        .isInstanceOf(
            contract.equals(WITHOUT_RESIDENT) ? ItemResult.Read.class : ItemResult.Bad.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void hidesWhatTheResidentIsNotToSeeWhateverElseIsWrong(String contract) throws Exception {
    // given
    String hidden = withdrawn(Items.everything(contract));

    // then
    assertThat(Items.read(contract, hidden)).isEqualTo(new ItemResult.Hidden<>(id(contract)));
    assertThat(Items.read(contract, withText(hidden, "a".repeat(70_000))))
        .isInstanceOf(ItemResult.Hidden.class);
    assertThat(Items.read(contract, tooDeepAtTheStart(hidden)))
        .isInstanceOf(ItemResult.Hidden.class);
    assertThat(Items.read(contract, tooManyAtTheStart(hidden)))
        .isInstanceOf(ItemResult.Hidden.class);
    assertThat(Items.read(contract, Trees.withRootsChildrenTwice(hidden)))
        .isInstanceOf(ItemResult.Hidden.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void neverShowsWhatIsNotApprovedInSoManyWords(String contract) throws Exception {
    // given
    String approval = "approvedForPatient>";
    String said = Items.everything(contract).replaceAll(approval + "(true|1)<", approval + "ja<");
    String silent = Items.everything(contract).replaceAll("<core:" + approval + ".*>", "");
    ItemResult<?> bad =
        new ItemResult.Bad<>("approvedForPatient must be true, false, 1 or 0", id(contract));

    // then
    assertThat(Items.read(contract, said)).isEqualTo(bad);
    assertThat(Items.read(contract, silent)).isEqualTo(bad);
  }

  /** The id of the item when it is shown. */
  private static String id(String contract) throws Exception {
    return Items.read(contract, Items.everything(contract)) instanceof ItemResult.Read<?> read
        ? read.item().id()
        : "";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void tellsTheIdOfWhatIsNotApproved(String contract) throws Exception {
    // given
    String refused =
        Items.everything(contract)
            .replaceAll("approvedForPatient>(true|1)<", "approvedForPatient>false<");

    // then
    assertThat(id(contract)).hasSize(StableId.LENGTH);
    assertThat(Items.read(contract, refused)).isEqualTo(new ItemResult.Hidden<>(id(contract)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contracts")
  void keepsWithinItsLimits(String contract) throws Exception {
    // given
    String item = Items.everything(contract);
    String longest = "a".repeat(ItemLimits.MAX_TEXT);

    // then
    assertThat(Items.read(contract, withText(item, longest))).isInstanceOf(ItemResult.Read.class);
    assertThat(Items.read(contract, withText(item, longest + "a")))
        .isEqualTo(new ItemResult.Bad<>("a text must not be longer than 65536 characters"));
    assertThat(Items.read(contract, tooDeepAtTheStart(item)))
        .isEqualTo(new ItemResult.Bad<>("nesting must not be deeper than 50"));
    assertThat(Items.read(contract, tooManyAtTheStart(item)))
        .isEqualTo(new ItemResult.Bad<>("an item must not have more than 20000 elements"));
  }

  @Test
  void doesNotCountTheBytesOfPicturesAsText() throws Exception {
    // given
    for (String contract :
        List.of(
            "GetCarePlans 2",
            "GetCareDocumentation 2",
            "GetCareDocumentation 3",
            "GetReferralOutcome 3")) {
      String large =
          Items.everything(contract)
              .replaceFirst("<core:value>", "<core:value>" + "QUJD".repeat(100_000));

      // then
      assertThat(Items.read(contract, large))
          .isEqualTo(Items.read(contract, Items.everything(contract)));
    }
  }

  private static String withdrawn(String item) {
    return item.replaceAll("approvedForPatient>(true|1)<", "approvedForPatient>false<");
  }

  private static String withText(String item, String text) {
    return item.replaceFirst("<core:", "<core:unknown>" + text + "</core:unknown><core:");
  }

  private static String tooDeepAtTheStart(String item) {
    String deep = "<core:a>".repeat(ItemLimits.MAX_DEPTH);
    return item.replaceFirst("<core:", deep + deep.replace("<", "</") + "<core:");
  }

  private static String tooManyAtTheStart(String item) {
    return item.replaceFirst("<core:", "<core:a/>".repeat(ItemLimits.MAX_ELEMENTS) + "<core:");
  }
}
