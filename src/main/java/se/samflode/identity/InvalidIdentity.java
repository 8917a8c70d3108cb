package se.samflode.identity;

import java.io.Serial;

/** A text that is no personnummer or samordningsnummer. Says the rule, never the text. */
public final class InvalidIdentity extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final Reason reason;

  InvalidIdentity(Reason reason) {
    super(reason.rule());
    this.reason = reason;
  }

  /** Which rule the text breaks; the first one, where it breaks several. */
  public Reason reason() {
    return reason;
  }

  /** The rules, in the order in which they are checked. */
  public enum Reason {
    /** Shaped like an identity of another kind, which is no person's birth date and must not be. */
    INTERIM_OR_RESERVE_NUMBER("interim numbers and reserve numbers are not taken here"),
    /** Spaces, letters, other scripts' digits, dashes that are no hyphen, line ends. */
    CHARACTERS("only the digits 0 to 9 and one sign, - or +, may be used"),
    /** Wrong length, or the sign in the wrong place. */
    FORM("must be 12 digits, or 8 or 6 digits, a sign (- or +) and 4 digits"),
    /** The third and fourth digit are 20 or more, in a number of ten digits. */
    ORGANISATION_NUMBER("an organisation number is not a person's number"),
    /** Ten digits without a sign fit two people. */
    CENTURY_MISSING("ten digits need the sign - or + before the last four"),
    /** The first two of twelve digits. */
    CENTURY("the century must be 18, 19 or 20"),
    /** The sign + on someone who turns at most 99 this year. */
    SIGN("the sign + stands only from the year a person turns 100"),
    /** No such day in the calendar; a samordningsnummer may leave month or day unknown. */
    DATE("must begin with a date (with 60 added to the day in a samordningsnummer)"),
    /** Born after today, Swedish time. */
    FUTURE_DATE("the birth date must not be in the future"),
    /** The three digits after the date. */
    BIRTH_NUMBER("the birth number must not be 000"),
    /** Modulus 10 over the nine digits before it, century left out. */
    CHECK_DIGIT("the check digit is wrong");

    private final String rule;

    Reason(String rule) {
      this.rule = rule;
    }

    /** The rule in plain English, without a final stop. */
    public String rule() {
      return rule;
    }
  }
}
