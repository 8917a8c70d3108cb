package se.samflode.lab;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.parser.EncodingCharacters;
import ca.uhn.hl7v2.util.Terser;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabReport.Coded;

/**
 * A segment of a message, read by the positions of HL7 v2.5. What is blank, or {@code ""} (the null
 * of HL7), is told as absent. A control character, and what XML forbids, is told as U+FFFD, so that
 * a stray byte costs no result and yet shows. Its content does not print. For one thread.
 */
final class Hl7Segment {

  private static final Pattern FORBIDDEN =
      Pattern.compile("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\uD800-\\uDFFF\\uFFFE\\uFFFF]");

  private static final Pattern LINE_END = Pattern.compile("\r\n?");

  private final Segment segment;
  private final EncodingCharacters delimiters;
  private final int number;

  /**
   * @param number which of its kind in the message it is, 1 or more
   */
  Hl7Segment(Segment segment, EncodingCharacters delimiters, int number) {
    this.segment = segment;
    this.delimiters = delimiters;
    this.number = number;
  }

  /** Three letters or digits. */
  String name() {
    return segment.getName();
  }

  /** Where a field is, for faults: {@code OBX[7]-5} is in the seventh OBX of the message. */
  String path(int field) {
    return path() + "-" + field;
  }

  /** Where the segment is. */
  String path() {
    return name().equals("MSH") ? "MSH" : name() + "[" + number + "]";
  }

  /** How often a field repeats, 0 or more. */
  int repetitions(int field) {
    try {
      return segment.getField(field).length;
    } catch (HL7Exception e) {
      throw unreadable();
    }
  }

  /** A component of a field that does not repeat, or of its first repetition. */
  @Nullable String get(int field, int component) {
    return get(field, 0, component, 1);
  }

  /**
   * @param repetition 0 or more
   * @param component 1 or more
   * @param subcomponent 1 or more
   */
  @Nullable String get(int field, int repetition, int component, int subcomponent) {
    try {
      return told(Terser.get(segment, field, repetition, component, subcomponent));
    } catch (HL7Exception e) {
      throw unreadable();
    }
  }

  /**
   * All of a repetition as one text, whatever delimiters a sender has forgotten to escape in it.
   *
   * @param repetition 0 or more
   */
  @Nullable String whole(int field, int repetition) {
    try {
      if (repetition >= segment.getField(field).length) {
        return null;
      }
      String encoded = segment.getField(field, repetition).encode();
      return told(encoded == null ? null : Hl7Parser.ESCAPES.unescape(encoded, delimiters));
    } catch (HL7Exception e) {
      throw unreadable();
    }
  }

  /** All repetitions of a field as one text, a line each; {@code null} if there is none. */
  @Nullable String lines(int field) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < repetitions(field); i++) {
      String line = whole(field, i);
      if (line != null) {
        lines.add(line);
      }
    }
    return lines.isEmpty() ? null : String.join("\n", lines);
  }

  /** A field of type CE or CWE; {@code null} if it has neither code nor words. */
  @Nullable Coded coded(int field) {
    return coded(field, 0);
  }

  /**
   * A repetition of a field of type CE or CWE. Of two codes it is the first, unless only the second
   * is of a code system that is known here; the other is kept beside it.
   */
  @Nullable Coded coded(int field, int repetition) {
    Coded first =
        coded(
            get(field, repetition, 1, 1),
            get(field, repetition, 2, 1),
            get(field, repetition, 3, 1));
    Coded second =
        coded(
            get(field, repetition, 4, 1),
            get(field, repetition, 5, 1),
            get(field, repetition, 6, 1));
    String original = get(field, repetition, 9, 1);
    List<Coded> all =
        Stream.of(first, second, original == null ? null : Coded.words(original))
            .flatMap(Stream::ofNullable)
            .toList();
    if (all.isEmpty()) {
      return null;
    }
    Coded best =
        first != null && second != null && isNational(second) && !isNational(first)
            ? second
            : all.getFirst();
    String words =
        Stream.of(best.display(), first == null ? null : first.display(), original)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return new Coded(best.code(), best.system(), words).with(all);
  }

  /**
   * A code and its system, spelled as it is kept; {@code null} if there is neither code nor words.
   */
  static @Nullable Coded coded(
      @Nullable String code, @Nullable String words, @Nullable String system) {
    return code == null && words == null
        ? null
        : new Coded(code, code == null ? null : CodeSystems.kept(system), words);
  }

  private static boolean isNational(Coded coded) {
    return CodeSystems.NPU.equals(coded.system())
        || CodeSystems.LOINC.equals(coded.system())
        || CodeSystems.SNOMED.equals(coded.system());
  }

  private static @Nullable String told(@Nullable String text) {
    if (text == null || text.isBlank() || text.equals("\"\"")) {
      return null;
    }
    String lines = LINE_END.matcher(text).replaceAll("\n").strip();
    return FORBIDDEN.matcher(lines).replaceAll("\uFFFD");
  }

  /** Without HAPI's exception, whose text may repeat values. */
  private IllegalStateException unreadable() {
    return new IllegalStateException("a segment " + name() + " that was read cannot be read again");
  }

  @Override
  public String toString() {
    return "Hl7Segment[" + path() + "]";
  }
}
