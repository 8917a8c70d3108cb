package se.samflode.lab;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;

/**
 * The first segment of a message, and how its bytes are to be read. Its content does not print. For
 * one thread.
 *
 * @param msh the segment
 * @param delimiters as MSH-1 and MSH-2 set them
 * @param charset of the message; ISO 8859-1 where it is not {@code charsetKnown}
 * @param charsetKnown whether MSH-18 names one that is taken
 */
record Hl7Header(Hl7Segment msh, Delimiters delimiters, Charset charset, boolean charsetKnown) {

  private static final int LONGEST = 4_000;

  /** By what remains of a name's spelling without signs: {@code 8859/1}, {@code UNICODE UTF-8}. */
  private static final Map<String, Charset> CHARSETS =
      Map.of(
          "88591", StandardCharsets.ISO_8859_1,
          "ISO88591", StandardCharsets.ISO_8859_1,
          "885915", Charset.forName("ISO-8859-15"),
          "ISO885915", Charset.forName("ISO-8859-15"),
          "ASCII", StandardCharsets.US_ASCII,
          "USASCII", StandardCharsets.US_ASCII,
          "UNICODEUTF8", StandardCharsets.UTF_8,
          "UTF8", StandardCharsets.UTF_8);

  /**
   * MSH-1 and MSH-2.
   *
   * @param field separator of fields
   * @param others of components and repetitions, escape, and separator of subcomponents
   */
  record Delimiters(char field, String others) {}

  /** The header of a message; {@code null} if there is none that can be read. */
  static @Nullable Hl7Header of(byte[] content) {
    String line = firstLine(content, StandardCharsets.ISO_8859_1);
    Delimiters delimiters = delimiters(line);
    if (delimiters == null) {
      return null;
    }
    String name = Hl7Parser.header(line, delimiters).get(18, 1);
    Charset charset = name == null ? unnamed(content) : named(name);
    Charset used = charset == null ? StandardCharsets.ISO_8859_1 : charset;
    return new Hl7Header(
        Hl7Parser.header(firstLine(content, used), delimiters), delimiters, used, charset != null);
  }

  /** The message as text. */
  String text(byte[] content) throws LabRejected {
    if (!charsetKnown) {
      throw new LabRejected(
          Code.INVALID,
          msh.path(18),
          "this character set is not taken; send 8859/1, 8859/15, ASCII or UNICODE UTF-8");
    }
    int start = start(content);
    try {
      return decoded(ByteBuffer.wrap(content, start, content.length - start), charset);
    } catch (CharacterCodingException e) {
      throw new LabRejected(
          Code.INVALID, msh.path(18), "the message is not in the character set that is named here");
    }
  }

  private static Charset unnamed(byte[] content) {
    try {
      decoded(ByteBuffer.wrap(content), StandardCharsets.UTF_8);
      return StandardCharsets.UTF_8;
    } catch (CharacterCodingException notUtf8) {
      return StandardCharsets.ISO_8859_1;
    }
  }

  private static @Nullable Charset named(String name) {
    return CHARSETS.get(name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", ""));
  }

  private static String decoded(ByteBuffer bytes, Charset charset) throws CharacterCodingException {
    return charset
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(bytes)
        .toString();
  }

  private static @Nullable Delimiters delimiters(String line) {
    if (!line.startsWith("MSH") || line.length() < 9) {
      return null;
    }
    char field = line.charAt(3);
    int end = line.indexOf(field, 4);
    String others = end < 0 ? "" : line.substring(4, end);
    // The fifth is of v2.7: it marks what was cut, and is no delimiter.
    boolean distinct = (field + others).chars().distinct().count() == others.length() + 1L;
    boolean signs = (field + others).chars().noneMatch(c -> c <= ' ' || c > '~' || isWord(c));
    return (others.length() == 4 || others.length() == 5) && distinct && signs
        ? new Delimiters(field, others.substring(0, 4))
        : null;
  }

  private static boolean isWord(int c) {
    return Character.isLetterOrDigit(c);
  }

  /** Behind a byte order mark and empty lines. */
  private static int start(byte[] content) {
    int start = 0;
    if (content.length > 2
        && content[0] == (byte) 0xEF
        && content[1] == (byte) 0xBB
        && content[2] == (byte) 0xBF) {
      start = 3;
    }
    while (start < content.length && (content[start] == '\r' || content[start] == '\n')) {
      start++;
    }
    return start;
  }

  private static String firstLine(byte[] content, Charset charset) {
    int start = start(content);
    int end = start;
    while (end < content.length
        && end < start + LONGEST
        && content[end] != '\r'
        && content[end] != '\n') {
      end++;
    }
    return new String(content, start, end - start, charset);
  }

  @Override
  public String toString() {
    return "Hl7Header[redacted]";
  }
}
