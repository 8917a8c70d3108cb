package se.samflode.identity;

import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.regex.Pattern;

/** A personnummer or samordningsnummer, checked. Immutable; prints itself redacted. */
public final class PersonalIdentityNumber {

  /** Which of the two it is. */
  public enum Kind {
    /** Personal identity number of a registered person. */
    PERSONNUMMER,
    /** Coordination number: the day is raised by 60. */
    SAMORDNINGSNUMMER
  }

  private static final Pattern SHAPE = Pattern.compile("(18|19|20)[0-9]{10}");
  private static final ZoneId SWEDEN = ZoneId.of("Europe/Stockholm");

  private final String digits;
  private final Kind kind;

  private PersonalIdentityNumber(String digits, Kind kind) {
    this.digits = digits;
    this.kind = kind;
  }

  /**
   * Reads and checks.
   *
   * @param text 12 digits
   * @throws InvalidIdentity if the text is no such number
   */
  public static PersonalIdentityNumber parse(String text, InstantSource clock) {
    if (!SHAPE.matcher(text).matches() || text.substring(8, 11).equals("000")) {
      throw new InvalidIdentity(InvalidIdentity.Reason.SHAPE, "write 12 digits");
    }
    int day = Integer.parseInt(text.substring(6, 8));
    boolean raised = day > 60;
    try {
      LocalDate birth =
          LocalDate.of(
              Integer.parseInt(text.substring(0, 4)),
              Integer.parseInt(text.substring(4, 6)),
              raised ? day - 60 : day);
      if (birth.isAfter(LocalDate.ofInstant(clock.instant(), SWEDEN))) {
        throw new InvalidIdentity(InvalidIdentity.Reason.DATE, "the date has not come");
      }
    } catch (DateTimeException e) {
      throw new InvalidIdentity(InvalidIdentity.Reason.DATE, "the date does not exist");
    }
    int sum = 0;
    for (int i = 2; i < 12; i++) {
      int product = Character.digit(text.charAt(i), 10) * (i % 2 == 0 ? 2 : 1);
      sum += product / 10 + product % 10;
    }
    if (sum % 10 != 0) {
      throw new InvalidIdentity(InvalidIdentity.Reason.CHECK_DIGIT, "the check digit is wrong");
    }
    return new PersonalIdentityNumber(text, raised ? Kind.SAMORDNINGSNUMMER : Kind.PERSONNUMMER);
  }

  /** Which of the two it is. */
  public Kind kind() {
    return kind;
  }

  /** The number as 12 digits. */
  public PersonId personId() {
    return new PersonId(digits);
  }

  @Override
  public String toString() {
    return "PersonalIdentityNumber[redacted]";
  }
}
