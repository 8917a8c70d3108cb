package se.samflode.readmodel;

import se.samflode.identity.PersonId;

/** Compares identities as producers write them. */
final class Identities {

  private Identities() {}

  /** Many systems write a separator, and letters of reserve numbers in either case. */
  static boolean same(String written, PersonId asked) {
    return bare(written).equalsIgnoreCase(bare(asked.value()));
  }

  private static String bare(String identity) {
    return identity.replace("-", "").replace("+", "");
  }
}
