package se.samflode.identity;

import java.util.regex.Pattern;

/**
 * Takes what looks like an identity number out of a text that leaves us. For texts that repeat a
 * caller's value, such as a fault that says which address was wrong. Looks only, checks no
 * checksum: a text without identities may lose a number, never the other way round. Stateless,
 * thread-safe.
 */
public final class Redaction {

  private static final String REPLACEMENT = "[redacted]";

  /** Digits of an identity number without century. */
  private static final int SHORT = 10;

  /**
   * What is kept comes first, so that it is passed by as a whole: UUIDs, HSA-ids of organisations
   * (SE, perhaps 16, organisation number, whose third digit is 2 or more), times of 14 digits. Not
   * where an identity number could have been put into them.
   */
  private static final Pattern KEPT_OR_IDENTITY =
      Pattern.compile(
          """
          (?<kept>
              (?<![0-9A-Za-z])
              (?![0-9]{4}(?:0[1-9]|1[0-2])[0-9]{2}-[0-9]{4}-)
              [0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-
              (?![0-9]{2,4}(?:0[1-9]|1[0-2])[0-9]{6})
              [0-9A-Fa-f]{12}(?![0-9A-Za-z])
            | (?<![0-9A-Za-z])(?:SE|se)(?:16)?[0-9]{2}[2-9][0-9]{7}-
              (?![0-9A-Za-z]*[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{6})[0-9A-Za-z]+
            | (?<![0-9])(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]
              (?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9](?![0-9])
          )
          | (?<![0-9])(?:[0-9]{8}|[0-9]{6})[-+\\ ]?[0-9]{4}(?![0-9])
          | (?<run>(?<![0-9])[0-9]{11,}(?![0-9]))
          | (?<![0-9])[0-9]{8}[-+]?[0-9A-Za-z]{4}(?![0-9A-Za-z])
          """,
          Pattern.COMMENTS);

  private Redaction() {}

  /**
   * The text with {@code [redacted]} in the place of each personnummer, samordningsnummer or
   * reserve number, with or without century and separator, and of digits that hold one.
   */
  public static String redact(String text) {
    return KEPT_OR_IDENTITY
        .matcher(text)
        .replaceAll(found -> {
          boolean kept =
              found.group("kept") != null
                  || (found.group("run") != null && !holdsIdentity(found.group("run")));
          return kept ? found.group() : REPLACEMENT;
        });
  }

  /** Whether ten digits in a row have a month, a day (that of a samordningsnummer too) and fit. */
  private static boolean holdsIdentity(String digits) {
    for (int i = 0; i + SHORT <= digits.length(); i++) {
      String number = digits.substring(i, i + SHORT);
      int month = Integer.parseInt(number.substring(2, 4));
      int day = Integer.parseInt(number.substring(4, 6)) % 60;
      if (month >= 1
          && month <= 12
          && day >= 1
          && day <= 31
          && PersonalIdentityNumber.sumsToTens(number)) {
        return true;
      }
    }
    return false;
  }
}
