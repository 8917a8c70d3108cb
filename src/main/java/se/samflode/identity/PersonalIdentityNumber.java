package se.samflode.identity;

import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.InvalidIdentity.Reason;

/**
 * A personnummer or samordningsnummer that follows every national rule. What a token or a JSON
 * question says is checked by this type; what a source or the index says is taken as {@link
 * PersonId}. Immutable; prints itself redacted.
 *
 * <p>Source: 18 § folkbokföringslagen; SKV M 2010:3.
 */
public final class PersonalIdentityNumber {

  private static final ZoneId SWEDEN = ZoneId.of("Europe/Stockholm");

  private static final Pattern CHARACTERS = Pattern.compile("[0-9+-]*");

  private static final Pattern SPELLING =
      Pattern.compile("(?<century>[0-9]{2})?(?<date>[0-9]{6})(?<sign>[-+]?)(?<last>[0-9]{4})");

  /** A letter in the birth number: interim numbers take eleven letters, reserve numbers others. */
  private static final Pattern WITH_LETTERS =
      Pattern.compile("(?:[0-9]{2})?[0-9]{6}[-+]?(?:[JKLMNRSTUWX][0-9]{3}|[A-Z]{2}[0-9]{2})");

  private static final int LOWEST_ORGANISATION_MONTH = 20;
  private static final int COORDINATION_DAYS = 60;

  private final PersonId personId;
  private final Kind kind;
  private final @Nullable LocalDate birthDate;

  private PersonalIdentityNumber(PersonId personId, Kind kind, @Nullable LocalDate birthDate) {
    this.personId = personId;
    this.kind = kind;
    this.birthDate = birthDate;
  }

  /** Which of the two national numbers it is. */
  public enum Kind {
    /** Of someone in the population register. */
    PERSONNUMMER,
    /** Of someone who is not: 60 is added to the day of birth. */
    SAMORDNINGSNUMMER
  }

  /**
   * Reads 12 digits; 8 digits, a sign and 4 digits; or 6 digits, a sign and 4 digits. Without a
   * century the sign tells it, by calendar year: {@code +} from the year the person turns 100,
   * {@code -} before. Where the century is written, {@code -} is taken at any age, since many
   * systems print nothing else, and {@code +} only at 100. Ten digits without a sign are refused:
   * they fit two people. Nothing is trimmed or repaired.
   *
   * @param clock tells the current year and day, in Swedish time
   * @throws InvalidIdentity with the first rule that is broken; its text never repeats the number
   */
  public static PersonalIdentityNumber parse(String text, InstantSource clock) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), SWEDEN);
    Matcher spelling = spelling(text);
    String date = spelling.group("date");
    int year = year(spelling, today.getYear());
    int month = Integer.parseInt(date.substring(2, 4));
    int day = Integer.parseInt(date.substring(4));
    Kind kind = day < COORDINATION_DAYS ? Kind.PERSONNUMMER : Kind.SAMORDNINGSNUMMER;
    LocalDate birthDate =
        kind == Kind.PERSONNUMMER
            ? calendarDay(year, month, day)
            : statedDay(year, month, day - COORDINATION_DAYS);
    require(
        birthDate == null ? year <= today.getYear() : !birthDate.isAfter(today),
        Reason.FUTURE_DATE);
    String last = spelling.group("last");
    require(!last.startsWith("000"), Reason.BIRTH_NUMBER);
    require(sumsToTens(date + last), Reason.CHECK_DIGIT);
    PersonId personId = new PersonId(year / 100 + date + last);
    return new PersonalIdentityNumber(personId, kind, birthDate);
  }

  /** The number as the contracts carry it: 12 digits. */
  public PersonId personId() {
    return personId;
  }

  /** Personnummer or samordningsnummer. */
  public Kind kind() {
    return kind;
  }

  /**
   * The day of birth the number states, without the 60 added in a samordningsnummer; empty where a
   * samordningsnummer states no day of the calendar, since the month or the day is unknown.
   */
  public Optional<LocalDate> birthDate() {
    return Optional.ofNullable(birthDate);
  }

  /** The latest day that the number allows the resident to have been born on. */
  public LocalDate bornBy() {
    int year = Integer.parseInt(personId.value().substring(0, 4));
    return birthDate == null ? LocalDate.of(year, 12, 31) : birthDate;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PersonalIdentityNumber number && personId.equals(number.personId);
  }

  @Override
  public int hashCode() {
    return personId.hashCode();
  }

  @Override
  public String toString() {
    return "PersonalIdentityNumber[redacted]";
  }

  private static Matcher spelling(String text) {
    require(!WITH_LETTERS.matcher(text).matches(), Reason.INTERIM_OR_RESERVE_NUMBER);
    require(CHARACTERS.matcher(text).matches(), Reason.CHARACTERS);
    Matcher spelling = SPELLING.matcher(text);
    require(spelling.matches(), Reason.FORM);
    return spelling;
  }

  private static int year(Matcher spelling, int thisYear) {
    String written = spelling.group("century");
    String date = spelling.group("date");
    String sign = spelling.group("sign");
    int month = Integer.parseInt(date.substring(2, 4));
    // Organisation numbers stored with twelve digits begin with 16.
    require(
        month < LOWEST_ORGANISATION_MONTH || (written != null && !written.equals("16")),
        Reason.ORGANISATION_NUMBER);
    int yearOfCentury = Integer.parseInt(date.substring(0, 2));
    if (written == null) {
      require(!sign.isEmpty(), Reason.CENTURY_MISSING);
      int latest = sign.equals("+") ? thisYear - 100 : thisYear;
      return latest - Math.floorMod(latest - yearOfCentury, 100);
    }
    int century = Integer.parseInt(written);
    // The national reserve number moves the century past 21 or writes 00; Stockholm's writes 99.
    require(century != 0 && century <= 21, Reason.INTERIM_OR_RESERVE_NUMBER);
    require(century >= 18 && century <= 20, Reason.CENTURY);
    int year = century * 100 + yearOfCentury;
    require(!sign.equals("+") || year <= thisYear - 100, Reason.SIGN);
    return year;
  }

  private static LocalDate calendarDay(int year, int month, int day) {
    try {
      return LocalDate.of(year, month, day);
    } catch (DateTimeException noSuchDay) {
      throw new InvalidIdentity(Reason.DATE);
    }
  }

  /**
   * In a samordningsnummer the month or day may be 0, for unknown, and the 31st may stand in a
   * shorter month: the published test series has all three.
   */
  private static @Nullable LocalDate statedDay(int year, int month, int day) {
    require(month <= 12 && day <= 31, Reason.DATE);
    boolean inCalendar = month > 0 && day > 0 && day <= YearMonth.of(year, month).lengthOfMonth();
    return inCalendar ? LocalDate.of(year, month, day) : null;
  }

  /** Modulus 10 with the weights 2, 1, 2, ... over the ten digits, the check digit among them. */
  static boolean sumsToTens(String tenDigits) {
    int sum = 0;
    for (int i = 0; i < tenDigits.length(); i++) {
      int product = (tenDigits.charAt(i) - '0') * (i % 2 == 0 ? 2 : 1);
      sum += product / 10 + product % 10;
    }
    return sum % 10 == 0;
  }

  private static void require(boolean rule, Reason reason) {
    if (!rule) {
      throw new InvalidIdentity(reason);
    }
  }
}
