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

  /** The OID of the series that the number belongs to, as clinical contracts tell it. */
  public String type() {
    return switch (kind) {
      case PERSONNUMMER -> "1.2.752.129.2.1.3.1";
      case SAMORDNINGSNUMMER -> "1.2.752.129.2.1.3.3";
      case RESERVE ->
          id.startsWith("99")
              ? "1.2.752.97.3.1.3"
              : id.charAt(8) == 'K' ? "1.2.752.113.11.0.2.1.1.1" : "1.2.752.74.9.1";
    };
  }

  @Override
  public String toString() {
    return "Resident[redacted, " + kind + "]";
  }
}
