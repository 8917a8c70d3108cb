package se.samflode.identity;

import java.util.regex.Pattern;

/**
 * The kinds of identities that the contracts tell apart by an OID. Source: the national register of
 * OIDs.
 */
public enum IdentityType {
  /** Of someone in the population register. */
  PERSONNUMMER("1.2.752.129.2.1.3.1"),
  /** Of someone who is not. */
  SAMORDNINGSNUMMER("1.2.752.129.2.1.3.3"),
  /** Given by a source of its own accord. */
  LOCAL("1.2.752.129.2.1.2.1");

  private static final Pattern NATIONAL = Pattern.compile("(18|19|20)[0-9]{10}");

  private static final int COORDINATION_DAYS = 60;

  private final String oid;

  IdentityType(String oid) {
    this.oid = oid;
  }

  /** The OID, without {@code urn:oid:}. */
  public String oid() {
    return oid;
  }

  /**
   * What an identity looks like: for the index, which keeps no types. Where somebody tells the
   * type, that holds.
   */
  public static IdentityType of(PersonId person) {
    String value = person.value();
    if (!NATIONAL.matcher(value).matches()) {
      return LOCAL;
    }
    return Integer.parseInt(value.substring(6, 8)) < COORDINATION_DAYS
        ? PERSONNUMMER
        : SAMORDNINGSNUMMER;
  }
}
