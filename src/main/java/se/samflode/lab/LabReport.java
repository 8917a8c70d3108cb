package se.samflode.lab;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One version of a laboratory's answer, whatever format it came in: what is stored, compared and
 * served. Two messages with the same content give equal reports. Immutable; its content does not
 * print.
 *
 * @param sourceSystem HSA-id of the system that the answer is of
 * @param recordId the source system's own id of the answer, 1 to 128 characters; with the source
 *     system it is the key
 * @param sequence the source's own number of this version, 0 or more, a later one greater; {@code
 *     null} where the source has none
 * @param status how far the answer has come
 * @param withdrawalReason why it was withdrawn, in the source's words
 * @param time the source's time of this version; {@code null} where it tells none
 * @param resident whom it is about
 * @param residentOid the OID of that kind of identity, see {@link ResidentId}
 * @param type kind of answer
 * @param discipline the laboratory's field
 * @param text the answer in words
 * @param comment the laboratory's remark
 * @param laboratory who answers for the analyses
 * @param responsible who answers for the answer
 * @param careUnit the care unit that the answer belongs to
 * @param recipient the unit that gets the answer
 * @param order what it answers
 * @param groups the analyses, in the source's order
 * @param attachments documents that belong to the answer
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LabReport(
    String sourceSystem,
    String recordId,
    @Nullable Long sequence,
    ReportStatus status,
    @Nullable String withdrawalReason,
    @Nullable Instant time,
    String resident,
    String residentOid,
    @Nullable Coded type,
    @Nullable Coded discipline,
    @Nullable String text,
    @Nullable String comment,
    @Nullable Party laboratory,
    @Nullable Party responsible,
    @Nullable Party careUnit,
    @Nullable Party recipient,
    @Nullable Order order,
    List<Group> groups,
    List<Attachment> attachments) {

  /** Copies the lists; absent ones are empty. */
  @SuppressWarnings("ConstantValue") // stored without what is empty
  public LabReport {
    groups = groups == null ? List.of() : List.copyOf(groups);
    attachments = attachments == null ? List.of() : List.copyOf(attachments);
  }

  /** Whether it withdraws some of its analyses, and not the whole answer. */
  boolean isPartlyWithdrawn() {
    return status != ReportStatus.WITHDRAWN
        && groups.stream()
            .anyMatch(group -> !group.analyses().stream().allMatch(Analysis::isServed));
  }

  /**
   * Whether it withdraws something, and has neither time nor sequence: so it looks the same each
   * time, also after the answer has been issued anew.
   */
  boolean withdrawsWithoutTime() {
    return time == null
        && sequence == null
        && (status == ReportStatus.WITHDRAWN || isPartlyWithdrawn());
  }

  /**
   * A code of a code system, or words; at least one is there.
   *
   * @param system the code system as {@link CodeSystems} spells it
   * @param also other codes and words that the source has for the same: rules of release name them
   *     too; they are not served
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Coded(
      @Nullable String code, @Nullable String system, @Nullable String display, List<Coded> also) {

    /** Copies the list; an absent one is empty. */
    @SuppressWarnings("ConstantValue") // stored without what is empty
    public Coded {
      also = also == null ? List.of() : List.copyOf(also);
    }

    /** The only one that the source has. */
    public Coded(@Nullable String code, @Nullable String system, @Nullable String display) {
      this(code, system, display, List.of());
    }

    /** With what is not told by it already. */
    Coded with(List<Coded> others) {
      return new Coded(
          code,
          system,
          display,
          others.stream().filter(other -> !tells(other)).distinct().toList());
    }

    /** The first, with all others; {@code null} of none. */
    static @Nullable Coded first(List<Coded> all) {
      return all.isEmpty() ? null : all.getFirst().with(all);
    }

    private boolean tells(Coded other) {
      return (other.code == null
              || (other.code.equals(code) && Objects.equals(other.system, system)))
          && (other.display == null || other.display.equals(display));
    }

    /** Only words. */
    public static Coded words(String display) {
      return new Coded(null, null, display);
    }

    /** What a person reads: the words, else the code. */
    public String shown() {
      return display != null ? display : String.valueOf(code);
    }
  }

  /**
   * An organisation or a person; at least one is there.
   *
   * @param id HSA-id, or another id of the source
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Party(@Nullable String id, @Nullable String name) {}

  /**
   * What the laboratory was asked.
   *
   * @param id of the order, in the source or at who ordered
   * @param services what was ordered
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Order(
      @Nullable String id,
      @Nullable String question,
      @Nullable Instant time,
      List<Coded> services,
      @Nullable Party requester) {

    /** Copies the list; an absent one is empty. */
    @SuppressWarnings("ConstantValue") // stored without what is empty
    public Order {
      services = services == null ? List.of() : List.copyOf(services);
    }
  }

  /**
   * Analyses that belong together; a report whose source has no groups has one without a name.
   *
   * @param within the groups that it is in, the outermost first
   * @param comment the laboratory's remark, with those on the groups that it is in
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Group(
      @Nullable Coded code, List<Coded> within, @Nullable String comment, List<Analysis> analyses) {

    /** Copies the lists; absent ones are empty. */
    @SuppressWarnings("ConstantValue") // stored without what is empty
    public Group {
      within = within == null ? List.of() : List.copyOf(within);
      analyses = analyses == null ? List.of() : List.copyOf(analyses);
    }

    boolean isServed() {
      return analyses.stream().anyMatch(Analysis::isServed);
    }

    /** What a person reads, the outermost group first; {@code null} if no group has a name. */
    @Nullable String shown() {
      String names =
          Stream.concat(within.stream(), Stream.ofNullable(code))
              .map(Coded::shown)
              .collect(Collectors.joining(", "));
      return names.isEmpty() ? null : names;
    }
  }

  /**
   * One analysis and what it found.
   *
   * @param id of the analysis, in the source
   * @param status of the analysis; {@code null}: the source does not say. One that is withdrawn is
   *     kept and not served
   * @param sourceStatus the source's own code for it, where that is not known
   * @param time when what was found held, such as when the specimen was taken
   * @param method how it was done
   * @param comment the laboratory's remark
   * @param performer who carried it out
   * @param specimens what was analysed
   * @param findings what was found
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Analysis(
      @Nullable String id,
      Coded code,
      @Nullable ReportStatus status,
      @Nullable String sourceStatus,
      @Nullable Instant time,
      @Nullable Coded method,
      @Nullable String comment,
      @Nullable Party performer,
      List<Specimen> specimens,
      List<Finding> findings) {

    /** Copies the lists; absent ones are empty. */
    @SuppressWarnings("ConstantValue") // stored without what is empty
    public Analysis {
      specimens = specimens == null ? List.of() : List.copyOf(specimens);
      findings = findings == null ? List.of() : List.copyOf(findings);
    }

    boolean isServed() {
      return status != ReportStatus.WITHDRAWN;
    }
  }

  /** What was taken from the resident. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Specimen(
      @Nullable String id,
      @Nullable Coded material,
      @Nullable Instant time,
      @Nullable Coded site,
      @Nullable String comment) {}

  /**
   * One value, or what is told of one that is not there.
   *
   * @param part which part of the analysis it is of, where there are several
   * @param value {@code null} where only the rest is told
   * @param interpretations how it deviates
   * @param references what is usual
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Finding(
      @Nullable Coded part,
      @Nullable Value value,
      List<Coded> interpretations,
      List<Range> references,
      @Nullable String comment) {

    /** Copies the lists; absent ones are empty. */
    @SuppressWarnings("ConstantValue") // stored without what is empty
    public Finding {
      interpretations = interpretations == null ? List.of() : List.copyOf(interpretations);
      references = references == null ? List.of() : List.copyOf(references);
    }

    /** Whether it answers anything. */
    boolean answers() {
      return value != null || !interpretations.isEmpty();
    }
  }

  /**
   * What was found: exactly one of the four.
   *
   * @param text words, and what has no other form here
   * @param coded a code
   * @param range a number or what lies between two
   * @param attachment a document
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Value(
      @Nullable String text,
      @Nullable Coded coded,
      @Nullable Range range,
      @Nullable Attachment attachment) {

    /** Words. */
    public static Value text(String text) {
      return new Value(text, null, null, null);
    }

    /** A code. */
    public static Value coded(Coded coded) {
      return new Value(null, coded, null, null);
    }

    /** A number, or what lies between two. */
    public static Value range(Range range) {
      return new Value(null, null, range, null);
    }

    /** A document. */
    public static Value attachment(Attachment attachment) {
      return new Value(null, null, null, attachment);
    }
  }

  /**
   * A number where {@code low} and {@code high} are the same and belong to it; else an interval,
   * open to a side that is absent. As a reference it may be words only.
   *
   * @param low digits exactly as the source writes them
   * @param high digits exactly as the source writes them
   * @param unit for people
   * @param unitCode the unit's UCUM code
   * @param text the interval in words
   * @param population whom a reference holds for
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Range(
      @Nullable String low,
      boolean lowClosed,
      @Nullable String high,
      boolean highClosed,
      @Nullable String unit,
      @Nullable String unitCode,
      @Nullable String text,
      @Nullable String population) {

    /** One number. */
    public static Range number(String digits, @Nullable String unit, @Nullable String unitCode) {
      return new Range(digits, true, digits, true, unit, unitCode, null, null);
    }

    /** Only words. */
    public static Range words(String text, @Nullable String population) {
      return new Range(null, false, null, false, null, null, text, population);
    }

    /** Whether it is one number. */
    boolean isNumber() {
      return low != null && low.equals(high) && lowClosed && highClosed;
    }
  }

  /**
   * A document.
   *
   * @param mediaType such as {@code application/pdf}
   * @param data base64; {@code null} where the source only names it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Attachment(
      @Nullable String mediaType, @Nullable String title, @Nullable String data) {}

  @Override
  public String toString() {
    return "LabReport[redacted]";
  }
}
