package se.samflode.lab;

import ca.uhn.hl7v2.parser.EncodingCharacters;
import ca.uhn.hl7v2.parser.Escaping;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands between two escape characters: delimiters, hexadecimal bytes, and the layout of
 * formatted text, of which line breaks are kept. What is none of these stays as it is written, a
 * lone escape character too: HAPI's own rules would lose it. What is escaped and unescaped is as it
 * was. Stateless, thread-safe. Source: HL7 v2.5, section 2.7.
 */
final class Hl7Escapes implements Escaping {

  private static final Pattern HEXADECIMAL = Pattern.compile("X(?:[0-9A-Fa-f]{2})+");
  private static final Pattern LINE = Pattern.compile("\\.(?:br|ce|sp)[+]?[0-9]*");
  private static final Pattern LAYOUT =
      Pattern.compile("[HN]|\\.(?:in|ti|sk)[+-]?[0-9]*|\\.[nf][fi]");

  @Override
  public String escape(String text, EncodingCharacters delimiters) {
    StringBuilder escaped = new StringBuilder(text.length());
    char escape = delimiters.getEscapeCharacter();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      String sequence = sequence(c, delimiters);
      if (sequence == null) {
        escaped.append(c);
      } else {
        escaped.append(escape).append(sequence).append(escape);
      }
    }
    return escaped.toString();
  }

  private static @Nullable String sequence(char c, EncodingCharacters delimiters) {
    if (c == delimiters.getFieldSeparator()) {
      return "F";
    }
    if (c == delimiters.getComponentSeparator()) {
      return "S";
    }
    if (c == delimiters.getSubcomponentSeparator()) {
      return "T";
    }
    if (c == delimiters.getRepetitionSeparator()) {
      return "R";
    }
    if (c == delimiters.getEscapeCharacter()) {
      return "E";
    }
    return c == '\r' ? "X0D" : c == '\n' ? "X0A" : null;
  }

  @Override
  public String unescape(String text, EncodingCharacters delimiters) {
    char escape = delimiters.getEscapeCharacter();
    int at = text.indexOf(escape);
    if (at < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    int done = 0;
    while (at >= 0) {
      plain.append(text, done, at);
      int end = text.indexOf(escape, at + 1);
      boolean known = end >= 0 && append(plain, text.substring(at + 1, end), delimiters);
      if (known) {
        done = end + 1;
      } else {
        plain.append(escape);
        done = at + 1;
      }
      at = text.indexOf(escape, done);
    }
    return plain.append(text, done, text.length()).toString();
  }

  private static boolean append(StringBuilder to, String sequence, EncodingCharacters delimiters) {
    switch (sequence) {
      case "F" -> to.append(delimiters.getFieldSeparator());
      case "S" -> to.append(delimiters.getComponentSeparator());
      case "T" -> to.append(delimiters.getSubcomponentSeparator());
      case "R" -> to.append(delimiters.getRepetitionSeparator());
      case "E" -> to.append(delimiters.getEscapeCharacter());
      default -> {
        if (HEXADECIMAL.matcher(sequence).matches()) {
          to.append(text(HexFormat.of().parseHex(sequence, 1, sequence.length())));
        } else if (LINE.matcher(sequence).matches()) {
          to.append('\n');
        } else if (!LAYOUT.matcher(sequence).matches()) {
          return false;
        }
      }
    }
    return true;
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
