package se.samflode.index;

import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.index.Engagements.BOOKING;
import static se.samflode.index.Engagements.INDEX;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateRulesTest {

  private static final String INVALID = "EI004: The payload does not validate, error messge: ";
  private static final String NO_TIME =
      "Input date is not according to expected format \"YYYYMMDDhhmmss\": ";

  private final UpdateRules rules = new UpdateRules(IndexFixture.settings(INDEX, null, false));

  @Test
  void acceptsAGoodRequest() {
    // given
    List<EngagementTransaction> request =
        List.of(BOOKING.add(), BOOKING.businessObject("booking-2").delete());

    // when
    @Nullable String fault = text(INDEX, request);

    // then
    assertThat(fault).isNull();
  }

  @Test
  void acceptsAThousandEngagements() {
    // given
    List<EngagementTransaction> request = many(1000);

    // when
    @Nullable String fault = text(INDEX, request);

    // then
    assertThat(fault).isNull();
  }

  @Test
  void acceptsTheAlternativeAddress() {
    // given
    UpdateRules both = new UpdateRules(IndexFixture.settings(INDEX, "SE2321000016-EI02", false));

    // when
    var fault = both.check("SE2321000016-EI02", List.of(BOOKING.add()));

    // then
    assertThat(fault).isEmpty();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "one field with white space",
            BOOKING.categorization(" Booking"),
            INVALID
                + "mandatory field \"categorization\" contains white space in beginning or end"),
        Arguments.of(
            "a mandatory field missing",
            BOOKING.sourceSystem(""),
            INVALID + "mandatory field \"sourceSystem\" is missing"),
        Arguments.of(
            "a field too long",
            BOOKING.businessObject("x".repeat(129)),
            INVALID + "Field \"businessObjectInstanceIdentifier\" is to long"),
        Arguments.of(
            "a resident of 33 characters",
            BOOKING.resident("x".repeat(33)),
            INVALID + "Field \"registeredResidentIdentification\" is to long"),
        Arguments.of(
            "a creation time that is no time",
            BOOKING.creationTime("20261332000000"),
            INVALID + "Field \"creationTime\": " + NO_TIME + "20261332000000"),
        Arguments.of(
            "the index as logical address",
            BOOKING.logicalAddress(INDEX),
            "EI005: The logicalAddress in EngagementTransaction #1 is reserved and not allowed,"
                + " hsa-id: "
                + INDEX),
        Arguments.of(
            "the index as source system",
            BOOKING.sourceSystem(INDEX),
            "EI006: The sourceSystem in EngagementTransaction #1 is reserved and not allowed,"
                + " hsa-id: "
                + INDEX));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refused(String what, Engagements engagement, String expected) {
    // given
    List<EngagementTransaction> request = List.of(engagement.add());

    // when
    @Nullable String fault = text(INDEX, request);

    // then
    assertThat(fault).as(what).isEqualTo(expected);
  }

  @Test
  void refusesAnEmptyRequest() {
    // given
    List<EngagementTransaction> request = List.of();

    // when
    @Nullable String fault = text(INDEX, request);

    // then
    assertThat(fault)
        .isEqualTo(
            "EI000: A technical error has occurred, error message: The request has less than 1"
                + " engagement");
  }

  @Test
  void refusesMoreThanAThousand() {
    // given
    List<EngagementTransaction> request = many(1001);

    // when
    @Nullable String fault = text(INDEX, request);

    // then
    assertThat(fault)
        .isEqualTo(
            "EI000: A technical error has occurred, error message: The request has more than 1000"
                + " engagements");
  }

  @Test
  void refusesOneKeyTwiceAndNumbersBoth() {
    // given
    List<EngagementTransaction> request =
        List.of(BOOKING.businessObject("other").add(), BOOKING.add(), BOOKING.delete());

    // when
    @Nullable String fault = text(INDEX, request);

    // then
    assertThat(fault)
        .startsWith("EI002: EngagementTransaction #2 and #3 have the same key.")
        .contains("Update-R1");
  }

  @Test
  void countsAnEmptyPartOfTheKeyAsNotApplicable() {
    // given
    List<EngagementTransaction> request =
        List.of(BOOKING.businessObject("NA").add(), BOOKING.businessObject("").add());

    // when
    @Nullable String fault = text(INDEX, request);

    // then
    assertThat(fault).startsWith("EI002: EngagementTransaction #1 and #2 ");
  }

  @Test
  void tellsKeysApartWhoseFieldsRunTogether() {
    // given
    List<EngagementTransaction> request =
        List.of(
            BOOKING.categorization("Book").logicalAddress("ingA").add(),
            BOOKING.categorization("Booking").logicalAddress("A").add());

    // when
    @Nullable String fault = text(INDEX, request);

    // then
    assertThat(fault).isNull();
  }

  @Test
  void comparesTheOwnerOfTheRequestWhenItLooksForRepeats() {
    // given
    List<EngagementTransaction> request = List.of(BOOKING.add(), BOOKING.owner("another").add());

    // when
    @Nullable String fault = text(INDEX, request);

    // then
    assertThat(fault).isNull();
  }

  @Test
  void showsAMissingAddressAsMissing() {
    // given
    List<EngagementTransaction> request = List.of(BOOKING.add());

    // when
    List<@Nullable String> faults = Arrays.asList(text(null, request), text("", request));

    // then
    assertThat(faults)
        .allSatisfy(fault ->
            assertThat(fault)
                .startsWith(
                    "EI003: Invalid routing. Logical address is missing but the owner is "
                        + INDEX
                        + ".")
                .contains("Update-R7"));
  }

  @Test
  void comparesItsAddressCaseSensitively() {
    // given
    List<EngagementTransaction> request = List.of(BOOKING.add());

    // when
    @Nullable String fault = text("se2321000016-ei01", request);

    // then
    assertThat(fault).startsWith("EI003: Invalid routing. Logical address is se2321000016-ei01 ");
  }

  @Test
  void repeatsNoIdentityNumberAndNoLongValue() {
    // given
    List<EngagementTransaction> request = List.of(BOOKING.add());

    // when
    @Nullable String fault = text(Engagements.RESIDENT + "-" + "x".repeat(5_000_000), request);

    // then
    assertThat(fault).contains("Logical address is [redacted]-x").hasSizeLessThan(250);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026",
        "20260230120000",
        "20261124240000",
        "202611240930000",
        "2026112409300",
        "00000101000000",
        " 20261124093000",
        "2026-11-24",
        "２０２６１１２４０９３０００"
      })
  void refusesATimeThatIsNone(String time) {
    // given
    List<EngagementTransaction> request = List.of(BOOKING.mostRecentContent(time).add());

    // when
    @Nullable String fault = text(INDEX, request);

    // then
    assertThat(fault).isEqualTo(NO_TIME + time);
  }

  @Test
  void checksInTheOrderCallersKnow() {
    // given: an engagement with every fault, and what is mended one by one
    Engagements worst =
        BOOKING
            .mostRecentContent("x")
            .categorization(" ")
            .logicalAddress(INDEX)
            .sourceSystem(INDEX)
            .resident("")
            .businessObject("x".repeat(129))
            .creationTime("x");
    List<Engagements> mended = new ArrayList<>(List.of(worst));
    mended.add(last(mended).mostRecentContent(null));
    mended.add(last(mended).categorization("Booking"));
    mended.add(last(mended).logicalAddress("A"));
    mended.add(last(mended).sourceSystem("S"));
    mended.add(last(mended).resident(Engagements.RESIDENT));
    mended.add(last(mended).businessObject("b"));

    // when
    List<@Nullable String> faults =
        mended.stream().<@Nullable String>map(e -> text(INDEX, List.of(e.add()))).toList();

    // then
    assertThat(text("x", Collections.nCopies(1001, worst.add()))).startsWith("EI003");
    assertThat(text(INDEX, Collections.nCopies(1001, worst.add()))).startsWith("EI000");
    assertThat(faults)
        .containsExactly(
            NO_TIME + "x",
            INVALID + "mandatory field \"categorization\" contains white space in beginning or end",
            "EI005: The logicalAddress in EngagementTransaction #1 is reserved and not allowed,"
                + " hsa-id: "
                + INDEX,
            "EI006: The sourceSystem in EngagementTransaction #1 is reserved and not allowed,"
                + " hsa-id: "
                + INDEX,
            INVALID + "mandatory field \"registeredResidentIdentification\" is missing",
            INVALID + "Field \"businessObjectInstanceIdentifier\" is to long",
            INVALID + "Field \"creationTime\": " + NO_TIME + "x");
  }

  static Stream<Arguments> refusedNotifications() {
    Engagements told = BOOKING.owner("SE2321000016-EI02");
    return Stream.of(
        Arguments.of(
            "no owner",
            List.of(told.owner("").add()),
            INVALID + "mandatory field \"owner\" is missing"),
        Arguments.of(
            "a blank owner",
            List.of(told.owner(" ").add()),
            INVALID + "mandatory field \"owner\" is missing"),
        Arguments.of(
            "an owner of 65 characters",
            List.of(told.owner("x".repeat(65)).delete()),
            INVALID + "Field \"owner\" is to long"),
        Arguments.of(
            "no source system and no owner",
            List.of(told.owner("").sourceSystem("").add()),
            INVALID + "mandatory field \"sourceSystem\" is missing"),
        Arguments.of(
            "our own address as logical address",
            List.of(told.logicalAddress(INDEX).owner("").add()),
            "EI005: The logicalAddress in EngagementTransaction #1 is reserved and not allowed,"
                + " hsa-id: "
                + INDEX),
        Arguments.of(
            "one key twice",
            List.of(told.add(), told.delete()),
            "EI002: EngagementTransaction #1 and #2 have the same key. A key may occur once in a"
                + " request, see rule Update-R1"),
        Arguments.of(
            "nothing",
            List.of(),
            "EI000: A technical error has occurred, error message: The request has less than 1"
                + " engagement"),
        Arguments.of(
            "more than a thousand",
            Collections.nCopies(1001, told.add()),
            "EI000: A technical error has occurred, error message: The request has more than 1000"
                + " engagements"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refusedNotifications(String what, List<EngagementTransaction> request, String expected) {
    // given: the request

    // when
    Optional<String> fault = rules.checkNotification(request).map(IndexFault::faultString);

    // then
    assertThat(fault).as(what).contains(expected);
  }

  @Test
  void acceptsOneEngagementOfSeveralOwnersInANotification() {
    // given
    List<EngagementTransaction> request =
        List.of(
            BOOKING.owner("SE2321000016-EI02").add(),
            BOOKING.owner(INDEX).add(),
            BOOKING.owner(" x".repeat(32)).add());

    // when
    Optional<IndexFault> fault = rules.checkNotification(request);

    // then
    assertThat(fault).isEmpty();
  }

  @Test
  void givesUpdatesOnlyOfADomainSinceATime() {
    // given
    List<GetUpdatesQuery> bad =
        List.of(
            new GetUpdatesQuery("", "", null),
            new GetUpdatesQuery("x", "", null),
            new GetUpdatesQuery("x", "2026-11-24", null));

    // when
    List<String> faults = bad.stream().map(q -> q.fault().orElseThrow().faultString()).toList();

    // then
    assertThat(faults)
        .containsExactly(
            "EI000: A technical error has occurred, error message: serviceDomain is mandatory but"
                + " missing",
            "EI000: A technical error has occurred, error message: timeStamp is mandatory but"
                + " missing",
            NO_TIME + "2026-11-24");
    assertThat(new GetUpdatesQuery("x", "20261124093000", "").fault()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "20260715120000, 2026-07-15T10:00:00Z",
    "20261124093000, 2026-11-24T08:30:00Z",
    // the hour that comes twice: the first
    "20261025023000, 2026-10-25T00:30:00Z",
    // the hour that is missing
    "20260329023000, 2026-03-29T01:30:00Z"
  })
  void readsTheTimeOfUpdatesAsSwedishTime(String stamp, Instant meant) {
    // given
    GetUpdatesQuery query = new GetUpdatesQuery("x", stamp, null);

    // when
    Instant since = query.since();

    // then
    assertThat(since).isEqualTo(meant);
  }

  @Test
  void findsOnlyForAResidentInADomain() {
    // given
    FindContentQuery nobody = query("", "");
    FindContentQuery nowhere = query("x", "");
    FindContentQuery never =
        new FindContentQuery("x", "y", null, null, null, null, "", null, null, null);

    // when
    List<String> faults =
        Stream.of(nobody, nowhere, never).map(q -> q.fault().orElseThrow().faultString()).toList();

    // then
    assertThat(faults)
        .containsExactly(
            "EI000: A technical error has occurred, error message:"
                + " registeredResidentIdentification is mandatory but missing",
            "EI000: A technical error has occurred, error message: serviceDomain is mandatory but"
                + " missing",
            NO_TIME);
  }

  @Test
  void printsNoResident() {
    // given
    Object[] all = {
      BOOKING.engagement(),
      BOOKING.add(),
      query(Engagements.RESIDENT, "x"),
      new GetUpdatesQuery("x", "y", Engagements.RESIDENT),
      new IndexUpdates.Page(Map.of(Engagements.RESIDENT, List.of()), true)
    };

    // when
    String printed = List.of(all).toString();

    // then
    assertThat(printed).doesNotContain(Engagements.RESIDENT);
  }

  private static FindContentQuery query(String resident, String domain) {
    return new FindContentQuery(resident, domain, null, null, null, null, null, null, null, null);
  }

  private static List<EngagementTransaction> many(int count) {
    return Stream.iterate(1, n -> n + 1)
        .limit(count)
        .map(n -> BOOKING.businessObject("booking-" + n).add())
        .toList();
  }

  private static Engagements last(List<Engagements> list) {
    return list.getLast();
  }

  private @Nullable String text(@Nullable String address, List<EngagementTransaction> request) {
    return rules.check(address, request).map(IndexFault::faultString).orElse(null);
  }
}
