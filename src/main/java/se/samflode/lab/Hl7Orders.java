package se.samflode.lab;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;

/**
 * What belongs to which OBR, by position and not by HAPI's groups, so that a segment in an unusual
 * place is read too. For one message and thread.
 */
final class Hl7Orders {

  private static final int MAX_OBSERVATIONS = 5_000;

  /** Table 0203: a national identity, of Sweden. */
  private static final Set<String> NATIONAL = Set.of("NNSWE", "NI", "SS");

  private final InstantSource clock;
  private final LabFaults faults;

  Hl7Orders(InstantSource clock, LabFaults faults) {
    this.clock = clock;
    this.faults = faults;
  }

  /** In the order of the message. */
  List<Hl7Order> of(List<Hl7Segment> segments) throws LabRejected {
    List<Hl7Order> orders = new ArrayList<>();
    Hl7Order.Patient patient = null;
    Hl7Segment orc = null;
    Hl7Order order = null;
    List<Hl7Segment> ahead = new ArrayList<>();
    List<Hl7Segment> comments = ahead;
    int observations = 0;
    for (Hl7Segment segment : segments) {
      switch (segment.name()) {
        case "PID" -> {
          refuse(ahead);
          if (patient != null && orc != null) {
            throw new LabRejected(
                Code.MISSING, segment.path(), "there is no OBR for the ORC before it");
          }
          order = null;
          patient = new Hl7Order.Patient(resident(segment), new ArrayList<>());
          comments = patient.comments();
        }
        case "ORC" -> {
          refuse(ahead);
          orc = segment;
          order = null;
          comments = ahead;
        }
        case "OBR" -> {
          if (patient == null) {
            throw new LabRejected(
                Code.IDENTITY, segment.path(), "there is no PID before it that tells the resident");
          }
          order = new Hl7Order(segment, orc, patient);
          orders.add(order);
          orc = null;
          comments = order.comments();
          comments.addAll(ahead);
          ahead.clear();
        }
        case "OBX" -> {
          if (++observations > MAX_OBSERVATIONS) {
            throw new LabRejected(
                Code.TOO_LARGE, "", "the message has more than 5,000 OBX; send them in several");
          }
          comments = within(segment, order).addObx(segment);
        }
        case "SPM" ->
            comments =
                within(segment, order).add(new Hl7Order.Specimen(segment, new ArrayList<>()));
        default -> comments.add(segment);
      }
    }
    if (orders.isEmpty()) {
      throw new LabRejected(Code.MISSING, "OBR", "there is no OBR; an answer has one or more");
    }
    refuse(ahead);
    return orders;
  }

  /** Comments that came ahead of what they would be on, which did not come. */
  private static void refuse(List<Hl7Segment> comments) throws LabRejected {
    if (Hl7Order.comment(comments) != null) {
      throw new LabRejected(
          Code.MISSING,
          comments.getFirst().path(),
          "an NTE stands after the PID, OBR, OBX or SPM that it is on, or between ORC and OBR");
    }
  }

  /**
   * @param order {@code null} where a PID or an ORC has come since: what would follow is lost
   */
  private static Hl7Order within(Hl7Segment segment, @Nullable Hl7Order order) throws LabRejected {
    if (order == null) {
      throw new LabRejected(
          Code.MISSING, segment.path(), "there is no OBR between it and the PID or ORC before it");
    }
    return order;
  }

  private @Nullable ResidentId resident(Hl7Segment pid) {
    String path = pid.path(3);
    try {
      for (int i = 0; i < pid.repetitions(3); i++) {
        String oid = kind(pid, i);
        if (ResidentId.isNational(oid)) {
          return ResidentId.of(oid, pid.get(3, i, 1, 1), path, clock);
        }
      }
      for (int i = 0; i < pid.repetitions(3); i++) {
        String type = pid.get(3, i, 5, 1);
        if (type != null && NATIONAL.contains(type)) {
          return ResidentId.national(pid.get(3, i, 1, 1), path, clock);
        }
      }
      for (int i = 0; i < pid.repetitions(3); i++) {
        String oid = kind(pid, i);
        if (oid != null) {
          return ResidentId.of(oid, pid.get(3, i, 1, 1), path, clock);
        }
      }
      return ResidentId.of(null, null, path, clock);
    } catch (LabRejected e) {
      faults.addAll(e);
      return null;
    }
  }

  private static @Nullable String kind(Hl7Segment pid, int repetition) {
    return Stream.of(
            pid.get(3, repetition, 4, 2),
            pid.get(3, repetition, 4, 1),
            pid.get(3, repetition, 5, 1))
        .map(ResidentId::oid)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
