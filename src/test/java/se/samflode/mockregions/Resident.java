package se.samflode.mockregions;

/**
 * A made-up resident. Immutable; prints itself redacted.
 *
 * @param id twelve characters without separator
 * @param shows what asking for this resident shows, one line in English
 */
public record Resident(String id, Kind kind, String shows) {

  /** What kind of identity number a resident has. */
  public enum Kind {
    /** Birth date, birth number 238 or 239, check digit: a published test number. */
    PERSONNUMMER,
    /** As a personnummer with 60 added to the day: a published test number. */
    SAMORDNINGSNUMMER,
    /** An invented reserve number in one of the regional or the national shape; SOAP only. */
    RESERVE
  }

  @Override
  public String toString() {
    return "Resident[redacted, " + kind + "]";
  }
}
