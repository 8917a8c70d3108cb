package se.samflode.identity;

/**
 * An identity by which a source knows a resident: a personnummer, a samordningsnummer, a reserve
 * number or whatever a source uses. Taken as it is; strict checks stand in {@link
 * PersonalIdentityNumber}. Immutable; prints itself redacted.
 *
 * @param value 1 to 32 characters, compared exactly (engagementindex 1.0)
 */
public record PersonId(String value) {

  /** Longest identity the index stores, characters. */
  public static final int MAX_LENGTH = 32;

  /**
   * @throws IllegalArgumentException if the length is not 1 to 32; the text does not repeat the
   *     value
   */
  public PersonId {
    if (value.isBlank() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("an identity has 1 to 32 characters");
    }
  }

  /**
   * Whether a text is this identity as systems write it: many write a separator, and letters of
   * reserve numbers in either case.
   */
  public boolean isWrittenAs(String text) {
    return bare(text).equalsIgnoreCase(bare(value));
  }

  private static String bare(String identity) {
    return identity.replace("-", "").replace("+", "");
  }

  @Override
  public String toString() {
    return "PersonId[redacted]";
  }
}
