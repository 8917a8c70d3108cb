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

  /**
   * What is kept comes first, so that it is passed by as a whole: UUIDs, HSA-ids of organisations
   * (SE, perhaps 16, organisation number), times of 14 digits.
   */
  private static final Pattern KEPT_OR_IDENTITY =
      Pattern.compile(
          """
          (?<kept>
              (?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])
            | (?<![0-9A-Za-z])(?:SE|se)(?:16)?[0-9]{10}-[0-9A-Za-z]+
            | (?<![0-9])[0-9]{14}(?![0-9])
          )
          | (?<![0-9])(?:[0-9]{8}|[0-9]{6})[-+\\ ]?[0-9]{4}(?![0-9])
          | (?<![0-9])[0-9]{8}[-+]?[0-9A-Za-z]{4}(?![0-9A-Za-z])
          """,
          Pattern.COMMENTS);

  private Redaction() {}

  /**
   * The text with {@code [redacted]} in the place of each personnummer, samordningsnummer or
   * reserve number, with or without century and separator.
   */
  public static String redact(String text) {
    return KEPT_OR_IDENTITY
        .matcher(text)
        .replaceAll(found -> found.group("kept") == null ? REPLACEMENT : found.group());
  }
}
