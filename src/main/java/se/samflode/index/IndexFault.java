package se.samflode.index;

import se.samflode.identity.Redaction;

/**
 * Why a request to the index is refused; nothing of a refused request is stored. Immutable. Source:
 * engagementindex 1.0.
 *
 * @param text what is wrong, for the caller; a value of the caller's stands in it shortened and
 *     without identity numbers
 */
public record IndexFault(Code code, String text) {

  /** The codes callers know. Never reused. */
  public enum Code {
    /** A request that cannot be taken as a whole: number of engagements, no resident. */
    EI000,
    /** A value that is not of the schema's type. */
    EI001,
    /** Two transactions with one key. */
    EI002,
    /** The request is addressed to another index. */
    EI003,
    /** A field that is missing, too long or otherwise not valid. */
    EI004,
    /** A logical address that no engagement may have. */
    EI005,
    /** A source system that no engagement may have. */
    EI006,
    /** A fault that has always come without a code: mostRecentContent that is no time. */
    NONE
  }

  private static final int READ = 256;
  private static final int SHOWN = 64;

  /** The text of the SOAP fault: code, colon and text, or the text alone where there is no code. */
  public String faultString() {
    return code == Code.NONE ? text : code + ": " + text;
  }

  static IndexFault technical(String message) {
    return new IndexFault(Code.EI000, "A technical error has occurred, error message: " + message);
  }

  /** A request without a field that it must have. */
  static IndexFault missing(String field) {
    return technical(field + " is mandatory but missing");
  }

  /** A caller's value as it may stand in a fault. */
  static String echo(String value) {
    // Cut twice: what is looked through is bounded, and no identity is cut in two where it shows.
    String redacted = Redaction.redact(value.substring(0, Math.min(value.length(), READ)));
    return redacted.length() <= SHOWN ? redacted : redacted.substring(0, SHOWN) + "...";
  }
}
