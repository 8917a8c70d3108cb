package se.samflode.lab;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.lab.LabReport.Attachment;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Range;
import se.samflode.lab.LabReport.Value;

/** Writes elements of one core namespace. For one thread. */
final class ContractXml {

  /** What stands where a contract wants words that a report has not. */
  static final String UNKNOWN = "Uppgift saknas";

  /** Of what we add where a contract takes elements of others. */
  static final String OURS = "urn:samflode:lab:1";

  private static final String HSA_OID = "1.2.752.129.2.1.4.1";

  private final XMLStreamWriter xml;
  private final String namespace;

  ContractXml(XMLStreamWriter xml, String namespace) {
    this.xml = xml;
    this.namespace = namespace;
  }

  /** What stands in an element. */
  interface Content {
    void write() throws XMLStreamException;
  }

  void in(String name, Content content) throws XMLStreamException {
    xml.writeStartElement("c", name, namespace);
    content.write();
    xml.writeEndElement();
  }

  /** Nothing where there is no text. */
  void text(String name, @Nullable String text) throws XMLStreamException {
    if (text != null) {
      xml.writeStartElement("c", name, namespace);
      xml.writeCharacters(fitting(text));
      xml.writeEndElement();
    }
  }

  /** Our own element beside those of the contract. */
  void attachment(Attachment attachment) throws XMLStreamException {
    xml.writeStartElement("s", "attachment", OURS);
    xml.writeNamespace("s", OURS);
    ContractXml ours = new ContractXml(xml, OURS);
    ours.ownText("mediaType", attachment.mediaType());
    ours.ownText("title", attachment.title());
    ours.ownText("value", attachment.data());
    xml.writeEndElement();
  }

  private void ownText(String name, @Nullable String text) throws XMLStreamException {
    if (text != null) {
      xml.writeStartElement("s", name, OURS);
      xml.writeCharacters(fitting(text));
      xml.writeEndElement();
    }
  }

  void time(String name, @Nullable Instant time) throws XMLStreamException {
    text(name, time == null ? null : SwedishTime.format(time));
  }

  void identifier(String name, String root, @Nullable String extension) throws XMLStreamException {
    if (extension != null) {
      in(
          name,
          () -> {
            text("root", root);
            text("extension", extension);
          });
    }
  }

  void hsaId(String name, @Nullable String id) throws XMLStreamException {
    identifier(name, HSA_OID, id);
  }

  void coded(String name, @Nullable Coded coded) throws XMLStreamException {
    if (coded == null) {
      return;
    }
    in(
        name,
        () -> {
          if (coded.code() == null) {
            text("originalText", coded.display());
          } else {
            text("code", coded.code());
            text("codeSystem", CodeSystems.inContracts(coded.system()));
            text("displayName", coded.display());
          }
        });
  }

  /** XML has no place for most control characters, escaped or not. */
  private static String fitting(String text) {
    StringBuilder fitting = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean lone =
          Character.isHighSurrogate(c)
              ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
              : Character.isLowSurrogate(c)
                  && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
      boolean fits = !lone && c < 0xFFFE && (c >= ' ' || c == '\t' || c == '\n' || c == '\r');
      if (!fits) {
        fitting = fitting == null ? new StringBuilder(text) : fitting;
        fitting.setCharAt(i, '\uFFFD');
      }
    }
    return fitting == null ? text : fitting.toString();
  }

  /** The source's status as the contracts' codes have it; {@code null} where it is not known. */
  static @Nullable Coded status(@Nullable ReportStatus status) {
    return switch (status) {
      case REGISTERED -> new Coded("REG", null, "Registrerad");
      case PRELIMINARY, PARTIAL -> new Coded("PREL", null, "Preliminärsvar");
      case FINAL -> new Coded("DEF", null, "Slutsvar");
      case AMENDED -> new Coded("TILL", null, "Tilläggssvar");
      case CORRECTED -> new Coded("KVAL", null, "Korrigerat svar");
      case CANCELLED -> new Coded("AVED", null, "Avbeställd");
      case UNKNOWN, WITHDRAWN -> null;
      case null -> null;
    };
  }

  /** What a person reads of a value, without the unit of a number. */
  static String shown(@Nullable Value value) {
    if (value == null) {
      return UNKNOWN;
    }
    if (value.text() != null) {
      return value.text();
    }
    if (value.coded() != null) {
      return value.coded().shown();
    }
    if (value.range() != null) {
      return shown(value.range());
    }
    return value.attachment() == null ? UNKNOWN : shown(value.attachment());
  }

  /** In words, a line each; {@code null} if there are none. */
  static @Nullable String shown(List<Attachment> attachments) {
    return attachments.isEmpty()
        ? null
        : attachments.stream().map(ContractXml::shown).collect(Collectors.joining("\n"));
  }

  static String shown(Attachment attachment) {
    String what =
        Stream.of(attachment.title(), attachment.mediaType())
            .filter(Objects::nonNull)
            .findFirst()
            .orElse("");
    return ("Bilaga " + what).strip();
  }

  static String shown(Range range) {
    if (range.isNumber() && range.low() != null) {
      return range.low();
    }
    if (range.low() != null && range.high() != null) {
      return range.low() + " – " + range.high();
    }
    if (range.low() != null) {
      return (range.lowClosed() ? "≥ " : "> ") + range.low();
    }
    if (range.high() != null) {
      return (range.highClosed() ? "≤ " : "< ") + range.high();
    }
    return range.text() == null ? UNKNOWN : range.text();
  }

  /**
   * A reference in words: its interval, and what is said of it.
   *
   * @param value what it is a reference for; another unit than its unit is told
   */
  static String reference(Range range, @Nullable Value value) {
    if (range.low() == null && range.high() == null) {
      return shown(range);
    }
    String ofValue = value == null || value.range() == null ? null : value.range().unit();
    String unit = range.unit();
    // The unit 1 is that of a bare number.
    boolean told = unit != null && !List.of("", "1").contains(unit) && !unit.equals(ofValue);
    String interval = told ? shown(range) + " " + unit : shown(range);
    return range.text() == null ? interval : interval + ", " + range.text();
  }

  /** With whom it holds for, so that it can stand among others. */
  static String referenceOfWhom(Range range, @Nullable Value value) {
    return range.population() == null
        ? reference(range, value)
        : range.population() + ": " + reference(range, value);
  }

  /** Texts below each other; {@code null} for none. */
  static @Nullable String lines(@Nullable String... texts) {
    List<String> lines = new ArrayList<>();
    for (String text : texts) {
      if (text != null) {
        lines.add(text);
      }
    }
    return lines.isEmpty() ? null : String.join("\n", lines);
  }
}
