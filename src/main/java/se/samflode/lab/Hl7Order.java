package se.samflode.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An OBR of a message with all that belongs to it. For one thread. */
final class Hl7Order {

  /** What is read of the first line only: another line must tell nothing else there. */
  private static final List<Integer> OF_THE_FIRST_LINE = List.of(6, 7, 8, 14, 16, 17);

  private final Hl7Segment obr;
  private final @Nullable Hl7Segment orc;
  private final Patient patient;
  private final List<Hl7Segment> comments = new ArrayList<>();
  private final List<Observation> observations = new ArrayList<>();
  private final List<Specimen> specimens = new ArrayList<>();

  Hl7Order(Hl7Segment obr, @Nullable Hl7Segment orc, Patient patient) {
    this.obr = obr;
    this.orc = orc;
    this.patient = patient;
  }

  /**
   * @param lines an OBX, or several that are the lines of one text
   */
  record Observation(List<Hl7Segment> lines, List<Hl7Segment> comments) {

    Hl7Segment obx() {
      return lines.getFirst();
    }

    @Nullable String comment() {
      return Hl7Order.comment(comments);
    }
  }

  record Specimen(Hl7Segment spm, List<Hl7Segment> comments) {}

  Hl7Segment obr() {
    return obr;
  }

  Patient patient() {
    return patient;
  }

  List<Hl7Segment> comments() {
    return comments;
  }

  @Nullable String comment() {
    return comment(comments);
  }

  List<Observation> observations() {
    return observations;
  }

  List<Specimen> specimens() {
    return specimens;
  }

  /** The NTE that follow it are added to what is handed out. */
  List<Hl7Segment> add(Specimen specimen) {
    specimens.add(specimen);
    return specimen.comments();
  }

  /** The NTE that follow it are added to what is handed out. */
  List<Hl7Segment> addObx(Hl7Segment obx) {
    Observation last = observations.isEmpty() ? null : observations.getLast();
    if (last != null && goesOn(last.obx(), obx)) {
      last.lines().add(obx);
      return last.comments();
    }
    Observation next = new Observation(new ArrayList<>(List.of(obx)), new ArrayList<>());
    observations.add(next);
    return next.comments();
  }

  /** Many systems send a text of several lines as an OBX for each. */
  private static boolean goesOn(Hl7Segment before, Hl7Segment obx) {
    return Hl7Values.isText(before)
        && Hl7Values.isText(obx)
        && Objects.equals(before.whole(3, 0), obx.whole(3, 0))
        && Objects.equals(before.get(4, 1), obx.get(4, 1))
        && Objects.equals(before.get(11, 1), obx.get(11, 1))
        && OF_THE_FIRST_LINE.stream()
            .allMatch(field -> {
              String told = obx.lines(field);
              return told == null || told.equals(before.lines(field));
            });
  }

  ReportStatus status() {
    return Hl7Statuses.ofObr(obr, observations.stream().map(Observation::obx).toList());
  }

  /** A field of the OBR, else of the ORC. */
  @Nullable String either(int ofObr, int ofOrc) {
    String told = obr.get(ofObr, 1);
    return told == null && orc != null ? orc.get(ofOrc, 1) : told;
  }

  @Nullable Hl7Segment orc() {
    return orc;
  }

  /** Comments as one text, a line each; {@code null} if there is none. */
  static @Nullable String comment(List<Hl7Segment> notes) {
    String lines =
        notes.stream()
            .map(note -> note.lines(3))
            .flatMap(Stream::ofNullable)
            .collect(Collectors.joining("\n"));
    return lines.isEmpty() ? null : lines;
  }

  /**
   * Whom the OBR that follow are about.
   *
   * @param resident {@code null} if the identity is at fault
   */
  record Patient(@Nullable ResidentId resident, List<Hl7Segment> comments) {}
}
