package se.samflode.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.samflode.identity.InvalidIdentity.Reason;
import se.samflode.identity.PersonalIdentityNumber.Kind;

class PersonalIdentityNumberTest {

  private static final InstantSource CLOCK = at("2026-11-21T12:00:00Z");

  /** All from the published test series: over a hundred, young, and a samordningsnummer. */
  private static final String OLD = "190501029813";

  private static final String YOUNG = "202310012394";
  private static final String COORDINATION = "197010722390";

  @ParameterizedTest(name = "spelling {index}")
  @ValueSource(strings = {"190501029813", "19050102+9813", "050102+9813", "19050102-9813"})
  void readsEverySpellingOfSomeoneOverAHundred(String spelling) {
    // when
    PersonalIdentityNumber number = PersonalIdentityNumber.parse(spelling, CLOCK);

    // then
    assertThat(number.personId().value()).isEqualTo(OLD);
    assertThat(number.kind()).isEqualTo(Kind.PERSONNUMMER);
    assertThat(number.birthDate()).contains(LocalDate.of(1905, 1, 2));
  }

  @ParameterizedTest(name = "spelling {index}")
  @ValueSource(strings = {"202310012394", "20231001-2394", "231001-2394"})
  void readsEverySpellingOfAChild(String spelling) {
    // when
    PersonalIdentityNumber number = PersonalIdentityNumber.parse(spelling, CLOCK);

    // then
    assertThat(number.personId().value()).isEqualTo(YOUNG);
    assertThat(number.birthDate()).contains(LocalDate.of(2023, 10, 1));
  }

  @ParameterizedTest(name = "spelling {index}")
  @ValueSource(strings = {"197010722390", "19701072-2390", "701072-2390"})
  void readsTheDayOfASamordningsnummerWithoutTheAddedSixty(String spelling) {
    // when
    PersonalIdentityNumber number = PersonalIdentityNumber.parse(spelling, CLOCK);

    // then
    assertThat(number.personId().value()).isEqualTo(COORDINATION);
    assertThat(number.kind()).isEqualTo(Kind.SAMORDNINGSNUMMER);
    assertThat(number.birthDate()).contains(LocalDate.of(1970, 10, 12));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "month unknown,          191500722390",
    "day unknown,            191711602399",
    "both unknown,           193100602394",
    "the 31st of a 30th,     192004912388"
  })
  void takesASamordningsnummerWithoutAKnownBirthDate(String label, String text) {
    // when
    PersonalIdentityNumber number = PersonalIdentityNumber.parse(text, CLOCK);

    // then
    assertThat(number.kind()).isEqualTo(Kind.SAMORDNINGSNUMMER);
    assertThat(number.birthDate()).as(label).isEmpty();
  }

  @Test
  void knowsTheLeapDayOfTheYear2000() {
    // when
    PersonalIdentityNumber number = PersonalIdentityNumber.parse("200002292399", CLOCK);

    // then
    assertThat(number.birthDate()).contains(LocalDate.of(2000, 2, 29));
  }

  @Test
  void changesTheSignWithTheCalendarYearNotTheBirthday() {
    // given: born on the second of January 1927
    InstantSource before = at("2026-12-31T22:59:59Z");
    InstantSource newYear = at("2026-12-31T23:00:00Z");

    // when
    PersonalIdentityNumber minus = PersonalIdentityNumber.parse("270108-9167", before);
    PersonalIdentityNumber plus = PersonalIdentityNumber.parse("270108+9167", newYear);

    // then
    assertThat(minus.personId().value()).isEqualTo("192701089167");
    assertThat(plus).isEqualTo(minus).hasSameHashCodeAs(minus);
    assertThat(refusal("19270108+9167", before)).isEqualTo(Reason.SIGN);
  }

  @Test
  void refusesABirthDateInTheFutureBySwedishTime() {
    // given: the last second of the day before the birth date, and the next one
    InstantSource dayBefore = at("2023-09-30T21:59:59Z");
    InstantSource birthDay = at("2023-09-30T22:00:00Z");

    // when
    PersonalIdentityNumber born = PersonalIdentityNumber.parse(YOUNG, birthDay);

    // then
    assertThat(born.personId().value()).isEqualTo(YOUNG);
    assertThat(refusal(YOUNG, dayBefore)).isEqualTo(Reason.FUTURE_DATE);
    assertThat(refusal("197500912386", at("1974-06-01T00:00:00Z"))).isEqualTo(Reason.FUTURE_DATE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "space as separator,             \"19050102 9813\",       CHARACTERS",
        "space in ten digits,            \"050102 9813\",         CHARACTERS",
        "space in front,                 \" 190501029813\",       CHARACTERS",
        "trailing line feed,             \"190501029813\n\",      CHARACTERS",
        "no-break space,                 \"19050102\u00a09813\",  CHARACTERS",
        "en dash,                        \"19050102\u20139813\",  CHARACTERS",
        "minus sign,                     \"19050102\u22129813\",  CHARACTERS",
        "full-width digit,               \"19050102981\uff13\",   CHARACTERS",
        "Arabic digit,                   \"19050102981\u0663\",   CHARACTERS",
        "SE in front,                    \"SE190501029813\",      CHARACTERS",
        "mangled by a spreadsheet,       \"1.91E+11\",            CHARACTERS",
        "letter of no kind of number,    \"20000101A220\",        CHARACTERS",
        "small letter,                   \"20000101t220\",        CHARACTERS",
        "nothing,                        \"\",                    FORM",
        "eleven digits,                  \"19050102981\",         FORM",
        "thirteen digits,                \"1905010298133\",       FORM",
        "two signs,                      \"19050102--9813\",      FORM",
        "sign in the wrong place,        \"190501-029813\",       FORM",
        "sign at the end,                \"190501029813-\",       FORM",
        "ten digits without sign,        \"0501029813\",          CENTURY_MISSING",
        "plus sign on a child,           \"20231001+2394\",       SIGN",
        "organisation number,            \"232100-0016\",         ORGANISATION_NUMBER",
        "organisation number bare,       \"2321000016\",          ORGANISATION_NUMBER",
        "organisation number of twelve,  \"162321000016\",        ORGANISATION_NUMBER",
        "century 17,                     \"170501029813\",        CENTURY",
        "century 21,                     \"210501029813\",        CENTURY",
        "interim T,                      \"20000101T220\",        INTERIM_OR_RESERVE_NUMBER",
        "interim in ten,                 \"000101-T220\",         INTERIM_OR_RESERVE_NUMBER",
        "interim or regional reserve,    \"20210325K069\",        INTERIM_OR_RESERVE_NUMBER",
        "national reserve with letters,  \"98240301AA06\",        INTERIM_OR_RESERVE_NUMBER",
        "regional reserve of digits,     \"991981000010\",        INTERIM_OR_RESERVE_NUMBER",
        "national reserve series 22,     \"220501029813\",        INTERIM_OR_RESERVE_NUMBER",
        "national reserve series 26,     \"260501029813\",        INTERIM_OR_RESERVE_NUMBER",
        "reserve without birth date,     \"000501029813\",        INTERIM_OR_RESERVE_NUMBER",
        "month 13,                       \"190513029813\",        DATE",
        "month 00 in a personnummer,     \"190500029813\",        DATE",
        "month 13 in a coordination,     \"190513629813\",        DATE",
        "day 00,                         \"190501009813\",        DATE",
        "day 32,                         \"190501329813\",        DATE",
        "day 92,                         \"190501929813\",        DATE",
        "leap day of 1900,               \"190002292399\",        DATE",
        "birth number 000,               \"20150916-0006\",       BIRTH_NUMBER",
      })
  void refusesLookalikesWithTheRuleTheyBreak(String label, String text, Reason reason) {
    // when
    InvalidIdentity refused =
        catchThrowableOfType(
            InvalidIdentity.class, () -> PersonalIdentityNumber.parse(text, CLOCK));

    // then
    assertThat(refused).as(label).isNotNull();
    assertThat(refused.reason()).as(label).isEqualTo(reason);
    assertThat(refused).as(label).hasMessage(reason.rule()).hasNoCause();
    assertThat(refused.getMessage()).doesNotContainPattern("[0-9]{4}");
  }

  @ParameterizedTest(name = "number {index}")
  @ValueSource(strings = {OLD, YOUNG, COORDINATION, "191711602399"})
  void refusesEveryOtherCheckDigit(String number) {
    // given
    int right = Character.digit(number.charAt(11), 10);

    // when
    List<Reason> reasons =
        Stream.iterate(0, digit -> digit < 10, digit -> digit + 1)
            .filter(digit -> digit != right)
            .map(digit -> refusal(number.substring(0, 11) + digit, CLOCK))
            .toList();

    // then
    assertThat(reasons).hasSize(9).containsOnly(Reason.CHECK_DIGIT);
  }

  @Test
  void doesNotPrintTheNumber() {
    // when
    PersonalIdentityNumber number = PersonalIdentityNumber.parse(OLD, CLOCK);

    // then
    assertThat(number).hasToString("PersonalIdentityNumber[redacted]");
    assertThat(number.personId()).hasToString("PersonId[redacted]");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new PersonId(OLD.repeat(3)))
        .withMessageNotContaining(OLD);
  }

  /** The lists stay outside the repository: -Dsamflode.test-identities names their folder. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "test-personnummer.txt, PERSONNUMMER",
    "test-samordningsnummer.txt, SAMORDNINGSNUMMER"
  })
  void readsEveryNumberOfThePublishedTestSeries(String file, Kind kind) throws IOException {
    // given
    String folder = System.getProperty("samflode.test-identities", "");
    assumeTrue(!folder.isEmpty(), "the lists are not at hand");
    List<String> numbers = Files.readAllLines(Path.of(folder, file));

    // when
    long read =
        numbers.stream()
            .map(number -> PersonalIdentityNumber.parse(number, CLOCK))
            .filter(number -> number.kind() == kind)
            .count();

    // then
    assertThat(read).isEqualTo(numbers.size()).isGreaterThan(2_000);
  }

  private static Reason refusal(String text, InstantSource clock) {
    InvalidIdentity refused =
        catchThrowableOfType(
            InvalidIdentity.class, () -> PersonalIdentityNumber.parse(text, clock));
    assertThat(refused).as("refusal").isNotNull();
    return refused.reason();
  }

  private static InstantSource at(String instant) {
    return InstantSource.fixed(Instant.parse(instant));
  }
}
