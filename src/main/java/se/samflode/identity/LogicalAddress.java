package se.samflode.identity;

/**
 * The HSA-id a question is sent to: a care unit or a source system, depending on the contract. Kept
 * as it came, compared without regard to case. Immutable.
 *
 * @param value 1 to 64 characters (engagementindex 1.0)
 */
public record LogicalAddress(String value) {

  /** Longest address the index stores, characters. */
  public static final int MAX_LENGTH = 64;

  /**
   * @throws IllegalArgumentException if the length is not 1 to 64; the text does not repeat the
   *     value
   */
  public LogicalAddress {
    if (value.isBlank() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a logical address has 1 to 64 characters");
    }
  }

  /**
   * The form under which addresses are compared and keyed: the letters a to z in upper case, as the
   * database folds them too. HSA-ids have no other letters.
   */
  public String folded() {
    StringBuilder folded = new StringBuilder(value);
    for (int i = 0; i < folded.length(); i++) {
      char c = folded.charAt(i);
      if (c >= 'a' && c <= 'z') {
        folded.setCharAt(i, (char) (c - 'a' + 'A'));
      }
    }
    return folded.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogicalAddress address && folded().equals(address.folded());
  }

  @Override
  public int hashCode() {
    return folded().hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
