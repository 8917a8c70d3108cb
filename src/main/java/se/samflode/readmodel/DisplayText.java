package se.samflode.readmodel;

import java.util.regex.Pattern;

/**
 * Cleans a producer's text for display. What comes out is plain text with {@code \n} as line end;
 * it may hold {@code <} and {@code &}, so whoever shows it as HTML must escape it.
 *
 * <ul>
 *   <li>Plain text stays. Control characters and marks that reverse the writing direction go; tabs
 *       and no-break spaces become spaces; line ends become {@code \n}, at most one blank line in a
 *       row; blank ends are cut.
 *   <li>DocBook becomes its text: a line per title and paragraph, {@code "- "} before a list item,
 *       a link's address in parentheses behind its text.
 *   <li>Everything else that looks like markup (HTML, XML that does not parse, anything with a DTD)
 *       is text, tags and all: nothing is lost and nothing interpreted.
 *   <li>More than {@value #MAX_LENGTH} characters are cut and end in an ellipsis.
 * </ul>
 */
public final class DisplayText {

  /** Longest text that comes out, UTF-16 units, the ellipsis counted. */
  public static final int MAX_LENGTH = 10_000;

  private static final Pattern LINE_END = Pattern.compile("\\r\\n|[\\r\\n\\u0085\\u2028\\u2029]");
  private static final Pattern SPACE = Pattern.compile("[\\t\\u00A0\\u202F]");

  /** Controls but the line feed, lone surrogates, byte order mark, bidirectional overrides. */
  private static final Pattern UNWANTED =
      Pattern.compile("[\\p{Cc}\\p{Cs}\\uFEFF\\u202A-\\u202E\\u2066-\\u2069&&[^\\n]]");

  /** Begins at a run's first space only: else a long run costs the square of its length. */
  private static final Pattern SPACE_AT_LINE_END = Pattern.compile("(?<! ) ++(?=\\n)");

  private static final Pattern BLANK_LINES = Pattern.compile("\\n{3,}");

  private DisplayText() {}

  /** The text to show; empty if there is nothing to show. Never fails. */
  public static String clean(String text) {
    return cut(cleanWhole(text));
  }

  /**
   * As {@link #clean}, but nothing is cut: for texts that are a record, whose length is bounded.
   */
  static String cleanWhole(String text) {
    return tidy(DocBook.toText(text).orElse(text));
  }

  private static String tidy(String text) {
    if (isOneTidyLine(text)) {
      return text.strip();
    }
    String lines = LINE_END.matcher(text).replaceAll("\n");
    String spaces = SPACE.matcher(lines).replaceAll(" ");
    String wanted = UNWANTED.matcher(spaces).replaceAll("");
    String ends = SPACE_AT_LINE_END.matcher(wanted).replaceAll("");
    return BLANK_LINES.matcher(ends).replaceAll("\n\n").strip();
  }

  /** Whether no pattern can match. Nearly all texts are so, and the patterns are slow. */
  private static boolean isOneTidyLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean ascii = c >= ' ' && c <= '~';
      boolean beyond = c > '\u00A0' && c < '\u2028';
      if (!ascii && !beyond) {
        return false;
      }
    }
    return true;
  }

  private static String cut(String text) {
    if (text.length() <= MAX_LENGTH) {
      return text;
    }
    int end = MAX_LENGTH - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end).stripTrailing() + "…";
  }
}
