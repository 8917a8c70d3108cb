package se.samflode.lab;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.LabReport.Attachment;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Finding;
import se.samflode.lab.LabReport.Range;
import se.samflode.lab.LabReport.Value;

/**
 * What an OBX has found. A value that has no other form is told as words, and never dropped; a
 * number that is not written as one, such as with a decimal comma, is words. Stateless,
 * thread-safe.
 */
final class Hl7Values {

  /** Types whose whole field is one text. */
  private static final Set<String> TEXTS = Set.of("ST", "TX", "FT");

  private static final Set<String> CODED = Set.of("CE", "CWE", "CNE", "CF");

  private static final String NUMBER = "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?";
  private static final Pattern DIGITS = Pattern.compile(NUMBER);
  private static final Pattern LIMIT =
      Pattern.compile("(?<sign><=|>=|<|>|≤|≥)\\s*(?<number>" + NUMBER + ")");
  private static final Pattern INTERVAL =
      Pattern.compile("(?<low>" + NUMBER + ")\\s*[-–]\\s*(?<high>" + NUMBER + ")");

  private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z]+/[a-z0-9.+-]+");

  /** Of HL70191, beside the names of MIME. */
  private static final Map<String, String> MEDIA =
      Map.of(
          "ap",
          "application",
          "au",
          "audio",
          "ft",
          "text",
          "im",
          "image",
          "ns",
          "image",
          "sd",
          "image",
          "si",
          "image",
          "tx",
          "text");

  private Hl7Values() {}

  private record Unit(@Nullable String shown, @Nullable String code) {

    String behind(String text) {
      return shown == null ? text : text + " " + shown;
    }
  }

  /** Whether an OBX is a line of a text that the next one may go on with. */
  static boolean isText(Hl7Segment obx) {
    String type = obx.get(2, 1);
    return "TX".equals(type) || "FT".equals(type);
  }

  /**
   * @param lines an OBX, or several that are the lines of one text
   */
  static List<Finding> findings(List<Hl7Segment> lines, LabFaults faults) {
    Hl7Segment first = lines.getFirst();
    Unit unit = unit(first);
    List<Coded> interpretations = interpretations(first);
    String reference = first.lines(7);
    List<Range> references = reference == null ? List.of() : List.of(reference(reference, unit));
    List<Value> values = values(lines, unit, faults);
    if (values.isEmpty() && !(interpretations.isEmpty() && references.isEmpty())) {
      return List.of(new Finding(null, null, interpretations, references, null));
    }
    return values.stream()
        .map(value -> new Finding(null, value, interpretations, references, null))
        .toList();
  }

  private static List<Value> values(List<Hl7Segment> lines, Unit unit, LabFaults faults) {
    Hl7Segment obx = lines.getFirst();
    String named = obx.get(2, 1);
    String type = named == null ? "ST" : named.toUpperCase(Locale.ROOT);
    if (TEXTS.contains(type)) {
      String text =
          lines.stream()
              .map(line -> line.lines(5))
              .map(line -> line == null ? "" : line)
              .collect(Collectors.joining("\n"))
              .strip();
      return text.isEmpty() ? List.of() : List.of(Value.text(unit.behind(text)));
    }
    if (CODED.contains(type)) {
      return each(
          obx,
          i -> {
            Coded coded = obx.coded(5, i);
            return coded == null ? null : Value.coded(coded);
          });
    }
    return switch (type) {
      case "NM" -> each(obx, i -> number(obx.whole(5, i), unit));
      case "SN" -> each(obx, i -> structured(obx, i, unit));
      case "ED" -> each(obx, i -> document(obx, i, faults));
      case "RP" -> each(obx, i -> reference(obx, i));
      default -> each(obx, i -> words(obx.whole(5, i), unit));
    };
  }

  private static List<Value> each(Hl7Segment obx, Function<Integer, @Nullable Value> value) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < obx.repetitions(5); i++) {
      Value found = value.apply(i);
      if (found != null) {
        values.add(found);
      }
    }
    return values;
  }

  private static @Nullable Value words(@Nullable String text, Unit unit) {
    return text == null ? null : Value.text(unit.behind(text));
  }

  private static @Nullable Value number(@Nullable String text, Unit unit) {
    if (text == null) {
      return null;
    }
    if (DIGITS.matcher(text).matches()) {
      return Value.range(Range.number(text, unit.shown(), unit.code()));
    }
    Range limit = limit(text, unit);
    return limit == null ? words(text, unit) : Value.range(limit);
  }

  private static @Nullable Value structured(Hl7Segment obx, int repetition, Unit unit) {
    String sign = obx.get(5, repetition, 1, 1);
    String first = obx.get(5, repetition, 2, 1);
    String separator = obx.get(5, repetition, 3, 1);
    String second = obx.get(5, repetition, 4, 1);
    // Two numbers without anything between them must not become another one.
    String between = separator == null && first != null && second != null ? " " : separator;
    String compact =
        Stream.of(sign == null || sign.equals("=") ? "" : sign, first, between, second)
            .filter(part -> part != null)
            .collect(Collectors.joining());
    if (separator == null && second == null) {
      return compact.isEmpty() ? null : number(compact, unit);
    }
    boolean interval =
        "-".equals(separator)
            && (sign == null || sign.equals("="))
            && isNumber(first)
            && isNumber(second);
    return interval
        ? Value.range(new Range(first, true, second, true, unit.shown(), unit.code(), null, null))
        : words(compact, unit);
  }

  private static boolean isNumber(@Nullable String text) {
    return text != null && DIGITS.matcher(text).matches();
  }

  private static Unit unit(Hl7Segment obx) {
    String code = obx.get(6, 1);
    String words = obx.get(6, 2);
    boolean ucum = CodeSystems.UCUM.equals(CodeSystems.kept(obx.get(6, 3)));
    return new Unit(words == null ? code : words, ucum ? code : null);
  }

  private static Range reference(String text, Unit unit) {
    Matcher interval = INTERVAL.matcher(text);
    if (interval.matches()) {
      return new Range(
          interval.group("low"),
          true,
          interval.group("high"),
          true,
          unit.shown(),
          unit.code(),
          null,
          null);
    }
    Range limit = limit(text, unit);
    return limit == null ? Range.words(text, null) : limit;
  }

  /** What is below or above a number; {@code null} if the text is something else. */
  private static @Nullable Range limit(String text, Unit unit) {
    Matcher limit = LIMIT.matcher(text);
    if (!limit.matches()) {
      return null;
    }
    String sign = limit.group("sign");
    String number = limit.group("number");
    boolean closed = !sign.equals("<") && !sign.equals(">");
    return sign.startsWith("<") || sign.equals("≤")
        ? new Range(null, false, number, closed, unit.shown(), unit.code(), null, null)
        : new Range(number, closed, null, false, unit.shown(), unit.code(), null, null);
  }

  private static List<Coded> interpretations(Hl7Segment obx) {
    return IntStream.range(0, obx.repetitions(8))
        .mapToObj(i -> {
          String system = obx.get(8, i, 3, 1);
          return Hl7Segment.coded(
              obx.get(8, i, 1, 1),
              obx.get(8, i, 2, 1),
              system == null ? CodeSystems.INTERPRETATION : system);
        })
        .flatMap(Stream::ofNullable)
        .toList();
  }

  private static @Nullable Value document(Hl7Segment obx, int repetition, LabFaults faults) {
    String data = obx.get(5, repetition, 5, 1);
    if (data == null) {
      return null;
    }
    String encoding = obx.get(5, repetition, 4, 1);
    String base64;
    try {
      base64 = base64(encoding == null ? "A" : encoding.toUpperCase(Locale.ROOT), data);
    } catch (IllegalArgumentException e) {
      faults.add(
          Code.INVALID,
          obx.path(5),
          "the document is not encoded as its fourth component says: A, Hex or Base64");
      return null;
    }
    return Value.attachment(
        new Attachment(
            mediaType(obx.get(5, repetition, 2, 1), obx.get(5, repetition, 3, 1)), null, base64));
  }

  private static String base64(String encoding, String data) {
    String bare = data.replaceAll("\\s", "");
    byte[] bytes =
        switch (encoding) {
          case "A" -> data.getBytes(StandardCharsets.UTF_8);
          case "HEX" -> HexFormat.of().parseHex(bare);
          case "BASE64" -> Base64.getDecoder().decode(bare);
          default -> throw new IllegalArgumentException("no such encoding");
        };
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static @Nullable Value reference(Hl7Segment obx, int repetition) {
    String pointer = obx.get(5, repetition, 1, 1);
    return pointer == null
        ? null
        : Value.attachment(
            new Attachment(
                mediaType(obx.get(5, repetition, 3, 1), obx.get(5, repetition, 4, 1)),
                pointer,
                null));
  }

  private static @Nullable String mediaType(@Nullable String type, @Nullable String subtype) {
    String main = type == null ? "" : type.toLowerCase(Locale.ROOT);
    String sub = subtype == null ? "" : subtype.toLowerCase(Locale.ROOT);
    if (MEDIA_TYPE.matcher(main).matches()) {
      return main;
    }
    if (sub.equals("pdf")) {
      return "application/pdf";
    }
    String whole = MEDIA.getOrDefault(main, main) + "/" + sub;
    return MEDIA_TYPE.matcher(whole).matches() ? whole : null;
  }
}
