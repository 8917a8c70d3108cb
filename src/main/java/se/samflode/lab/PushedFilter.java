package se.samflode.lab;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.contract.Xml;

/**
 * What a consumer limits a question of GetLaboratoryOrderOutcome to, beside what is looked at for
 * every source: a producer looks at these itself, and what is held here does as producers must.
 * Immutable.
 *
 * @param from of the period, inclusive; {@code null} for no bound
 * @param to of the period, inclusive as a day; {@code null} for no bound
 * @param careContacts those that the answer is limited to; what is pushed belongs to none
 * @param careGivers those that the answer is limited to
 * @param specimens those that the answer is limited to
 * @param orders those that the answer is limited to
 */
public record PushedFilter(
    @Nullable LocalDate from,
    @Nullable LocalDate to,
    List<String> careContacts,
    List<String> careGivers,
    List<String> specimens,
    List<String> orders) {

  /** No limit. */
  public static final PushedFilter EVERYTHING =
      new PushedFilter(null, null, List.of(), List.of(), List.of(), List.of());

  /** Copies the lists. */
  public PushedFilter {
    careContacts = List.copyOf(careContacts);
    careGivers = List.copyOf(careGivers);
    specimens = List.copyOf(specimens);
    orders = List.copyOf(orders);
  }

  /**
   * What a request says; a day that is none is no bound.
   *
   * @param request the request element in UTF-8
   */
  public static PushedFilter of(byte[] request) {
    Reading reading = new Reading();
    try {
      XMLStreamReader xml = Xml.atRoot(new ByteArrayInputStream(request), StandardCharsets.UTF_8);
      while (Xml.nextChild(xml)) {
        reading.child(xml);
      }
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a request that was read before cannot be read again", e);
    }
    return new PushedFilter(
        reading.from,
        reading.to,
        reading.careContacts,
        reading.careGivers,
        reading.specimens,
        reading.orders);
  }

  /** Whether a report is within the limits. */
  boolean lets(HeldReport held) {
    return careContacts.isEmpty()
        && (careGivers.isEmpty() || containsAny(careGivers, Stream.of(held.dataController())))
        && (specimens.isEmpty() || containsAny(specimens, specimens(held.report())))
        && (orders.isEmpty() || containsAny(orders, Stream.ofNullable(orderId(held.report()))))
        && overlaps(held);
  }

  private static @Nullable String orderId(LabReport report) {
    LabReport.Order order = report.order();
    return order == null ? null : order.id();
  }

  private static Stream<String> specimens(LabReport report) {
    return analyses(report)
        .flatMap(analysis -> analysis.specimens().stream())
        .map(LabReport.Specimen::id)
        .filter(Objects::nonNull);
  }

  private static Stream<LabReport.Analysis> analyses(LabReport report) {
    return report.groups().stream().flatMap(group -> group.analyses().stream());
  }

  private static boolean containsAny(List<String> wanted, Stream<String> given) {
    return given.anyMatch(one -> wanted.stream().anyMatch(one::equalsIgnoreCase));
  }

  /** Whether the period and the report's own, from its first time to its last, overlap. */
  private boolean overlaps(HeldReport held) {
    List<LocalDate> days =
        Stream.concat(
                Stream.of(held.time(), held.begun()),
                analyses(held.report()).map(LabReport.Analysis::time).filter(Objects::nonNull))
            .map(PushedFilter::day)
            .sorted()
            .toList();
    return (to == null || !days.getFirst().isAfter(to))
        && (from == null || !days.getLast().isBefore(from));
  }

  private static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, SwedishTime.ZONE);
  }

  /** A request while it is read. */
  private static final class Reading {

    private @Nullable LocalDate from;
    private @Nullable LocalDate to;
    private final List<String> careContacts = new ArrayList<>();
    private final List<String> careGivers = new ArrayList<>();
    private final List<String> specimens = new ArrayList<>();
    private final List<String> orders = new ArrayList<>();

    /** A child of the request, in whichever version's spelling. */
    void child(XMLStreamReader xml) throws XMLStreamException {
      switch (xml.getLocalName()) {
        case "timePeriod", "datePeriod" -> period(xml);
        case "careContactId" -> limit(careContacts, text(xml));
        case "careGiverHSAId" -> limit(careGivers, extension(xml));
        case "specimenIdentifier" -> limit(specimens, extension(xml));
        case "referralIdentifier" -> limit(orders, extension(xml));
        default -> Xml.skip(xml);
      }
    }

    private void period(XMLStreamReader xml) throws XMLStreamException {
      while (Xml.nextChild(xml)) {
        if (xml.getLocalName().equals("start")) {
          from = day(text(xml));
        } else if (xml.getLocalName().equals("end")) {
          to = day(text(xml));
        } else {
          Xml.skip(xml);
        }
      }
    }

    /** An element without text limits to nothing. */
    private static void limit(List<String> to, String value) {
      if (!value.isBlank()) {
        to.add(value.strip());
      }
    }

    /** The text of an element itself, whatever else it holds. */
    private static String text(XMLStreamReader xml) throws XMLStreamException {
      StringBuilder text = new StringBuilder();
      int depth = 1;
      while (depth > 0) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          depth++;
        } else if (event == XMLStreamConstants.END_ELEMENT) {
          depth--;
        } else if (xml.isCharacters() && depth == 1) {
          text.append(xml.getText());
        }
      }
      return text.toString();
    }

    private static String extension(XMLStreamReader xml) throws XMLStreamException {
      String extension = "";
      while (Xml.nextChild(xml)) {
        if (xml.getLocalName().equals("extension")) {
          extension = text(xml);
        } else {
          Xml.skip(xml);
        }
      }
      return extension;
    }

    private static @Nullable LocalDate day(String text) {
      try {
        return LocalDate.parse(text.strip(), DateTimeFormatter.BASIC_ISO_DATE);
      } catch (DateTimeParseException e) {
        return null;
      }
    }
  }
}
