package se.samflode.demo;

/**
 * A resident whom the demo hands tokens for. Prints itself redacted.
 *
 * @param personalIdentityNumber a personnummer or samordningsnummer, 12 digits, of a test series
 * @param shows what a question about this resident shows
 */
public record DemoResident(String personalIdentityNumber, String shows) {

  @Override
  public String toString() {
    return "DemoResident[redacted]";
  }
}
