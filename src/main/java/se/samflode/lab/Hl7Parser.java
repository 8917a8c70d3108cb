package se.samflode.lab;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.v25.message.ACK;
import ca.uhn.hl7v2.model.v25.message.ORU_R01;
import ca.uhn.hl7v2.model.v25.segment.NTE;
import ca.uhn.hl7v2.model.v25.segment.OBR;
import ca.uhn.hl7v2.model.v25.segment.OBX;
import ca.uhn.hl7v2.model.v25.segment.ORC;
import ca.uhn.hl7v2.model.v25.segment.PID;
import ca.uhn.hl7v2.model.v25.segment.SPM;
import ca.uhn.hl7v2.parser.CanonicalModelClassFactory;
import ca.uhn.hl7v2.parser.EncodingCharacters;
import ca.uhn.hl7v2.parser.ModelClassFactory;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;

/**
 * HAPI's parser, lenient, as of v2.5 whatever version a message names. It is given one segment at a
 * time, in their order: HAPI's own tree of a message moves segments that stand where v2.5 does not
 * have them. Stateless, thread-safe.
 */
final class Hl7Parser {

  static final Hl7Escapes ESCAPES = new Hl7Escapes();

  /** Most segments of a message, and most fields, components and repetitions. */
  private static final int MAX_SEGMENTS = 20_000;

  private static final int MAX_DELIMITERS = 300_000;

  private static final Pattern LINE = Pattern.compile("\r\n|\r|\n");
  private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9]{2}");

  private static final ModelClassFactory CLASSES = new CanonicalModelClassFactory("2.5");
  private static final PipeParser PARSER = parser();

  private Hl7Parser() {}

  private static PipeParser parser() {
    HapiContext context = new DefaultHapiContext(CLASSES);
    context.setValidationContext(ValidationContextFactory.noValidation());
    // A value of an unknown or missing type is taken as text.
    context.getParserConfiguration().setDefaultObx2Type("ST");
    context.getParserConfiguration().setInvalidObx2Type("ST");
    context.getParserConfiguration().setEscaping(ESCAPES);
    return context.getPipeParser();
  }

  /** An empty acknowledgement, with everything to write it. */
  static ACK acknowledgement() {
    ACK message = new ACK(CLASSES);
    message.setParser(PARSER);
    return message;
  }

  /** The first segment. */
  static Hl7Segment header(String line, Hl7Header.Delimiters delimiters) {
    ORU_R01 message = message();
    EncodingCharacters signs = signs(delimiters);
    return new Hl7Segment(parsed(message.getMSH(), line, signs), signs, 1);
  }

  /** The segments that results are read from, in their order, without the first of all. */
  static List<Hl7Segment> segments(String text, Hl7Header header) throws LabRejected {
    Hl7Header.Delimiters delimiters = header.delimiters();
    bound(text, delimiters);
    EncodingCharacters signs = signs(delimiters);
    ORU_R01 message = message();
    List<Hl7Segment> segments = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    int line = 0;
    for (String written : LINE.split(text, -1)) {
      line++;
      if (written.isBlank()) {
        continue;
      }
      String name = name(written, delimiters.field(), line);
      int number = numbers.merge(name, 1, Integer::sum);
      if (name.equals("MSH") && number == 1) {
        // Else nothing of the message could be written again.
        parsed(message.getMSH(), written, signs);
      } else if (name.equals("MSH") || name.equals("DSC") || name.equals("ADD")) {
        throw new LabRejected(
            Code.UNSUPPORTED,
            name + "[" + number + "]",
            "send each message by itself, and as a whole");
      }
      Segment segment = wanted(name, message);
      if (segment != null) {
        segments.add(new Hl7Segment(parsed(segment, written, signs), signs, number));
      }
    }
    return segments;
  }

  private static @Nullable Segment wanted(String name, ORU_R01 message) {
    return switch (name) {
      case "PID" -> new PID(message, CLASSES);
      case "ORC" -> new ORC(message, CLASSES);
      case "OBR" -> new OBR(message, CLASSES);
      case "OBX" -> new OBX(message, CLASSES);
      case "NTE" -> new NTE(message, CLASSES);
      case "SPM" -> new SPM(message, CLASSES);
      default -> null;
    };
  }

  private static ORU_R01 message() {
    ORU_R01 message = new ORU_R01(CLASSES);
    message.setParser(PARSER);
    return message;
  }

  private static EncodingCharacters signs(Hl7Header.Delimiters delimiters) {
    return new EncodingCharacters(delimiters.field(), delimiters.others());
  }

  private static Segment parsed(Segment segment, String line, EncodingCharacters signs) {
    try {
      PARSER.parse(segment, line, signs);
      return segment;
    } catch (HL7Exception e) {
      // Without HAPI's exception, whose text may repeat values.
      throw new IllegalStateException("HAPI cannot read a segment " + segment.getName());
    }
  }

  private static void bound(String text, Hl7Header.Delimiters delimiters) throws LabRejected {
    int segments = 0;
    int parts = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n') {
        segments++;
      } else if (c == delimiters.field() || delimiters.others().indexOf(c) >= 0) {
        parts++;
      }
    }
    if (segments > MAX_SEGMENTS || parts > MAX_DELIMITERS) {
      throw new LabRejected(
          Code.TOO_LARGE, "", "the message has too many segments or fields; send it in parts");
    }
  }

  private static String name(String line, char separator, int number) throws LabRejected {
    String name = line.substring(0, Math.min(3, line.length()));
    if (!NAME.matcher(name).matches() || (line.length() > 3 && line.charAt(3) != separator)) {
      throw new LabRejected(
          Code.UNREADABLE,
          "",
          "line "
              + number
              + " is no segment: it begins with no name of three letters and a separator");
    }
    return name;
  }
}
