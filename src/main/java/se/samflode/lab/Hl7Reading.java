package se.samflode.lab;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.LabReport.Analysis;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Group;
import se.samflode.lab.LabReport.Order;
import se.samflode.lab.LabReport.Party;
import se.samflode.lab.LabReport.Specimen;

/**
 * Makes reports of the segments of one ORU^R01, by position and not by HAPI's groups, so that a
 * segment in an unusual place is read too. For one message and thread.
 */
final class Hl7Reading {

  private static final int MAX_OBSERVATIONS = 5_000;
  private static final int LONGEST_ID = 128;
  private static final int LONGEST_REASON = 1_000;

  private static final String DISCIPLINES = "http://terminology.hl7.org/CodeSystem/v2-0074";

  /** Table 0203: a national identity, of Sweden. */
  private static final Set<String> NATIONAL = Set.of("NNSWE", "NI", "SS");

  private final Hl7Segment msh;
  private final String sourceSystem;
  private final InstantSource clock;
  private final LabFaults faults = new LabFaults();

  /**
   * @param sourceSystem the HSA-id that the message is of
   */
  Hl7Reading(Hl7Segment msh, String sourceSystem, InstantSource clock) {
    this.msh = msh;
    this.sourceSystem = sourceSystem;
    this.clock = clock;
  }

  /** One for each order number, in the order of the message. */
  List<LabReport> reports(List<Hl7Segment> segments) throws LabRejected {
    Map<String, List<Hl7Order>> byRecord = new LinkedHashMap<>();
    for (Hl7Order order : orders(segments)) {
      String record = record(order);
      if (record != null) {
        byRecord.computeIfAbsent(record, id -> new ArrayList<>()).add(order);
      }
    }
    if (byRecord.size() > LabIntake.MAX_REPORTS) {
      throw new LabRejected(
          Code.TOO_LARGE, "", "the message has more than 1,000 answers; send them in several");
    }
    List<LabReport> reports = new ArrayList<>();
    byRecord.forEach((record, orders) -> {
      LabReport report = report(record, orders);
      if (report != null) {
        reports.add(report);
      }
    });
    faults.throwIfAny();
    return reports;
  }

  private List<Hl7Order> orders(List<Hl7Segment> segments) throws LabRejected {
    List<Hl7Order> orders = new ArrayList<>();
    Hl7Order.Patient patient = null;
    Hl7Segment orc = null;
    List<Hl7Segment> ahead = new ArrayList<>();
    List<Hl7Segment> comments = ahead;
    int observations = 0;
    for (Hl7Segment segment : segments) {
      Hl7Order order = orders.isEmpty() ? null : orders.getLast();
      switch (segment.name()) {
        case "PID" -> {
          refuse(ahead);
          patient = new Hl7Order.Patient(resident(segment), new ArrayList<>());
          comments = patient.comments();
        }
        case "ORC" -> {
          refuse(ahead);
          orc = segment;
          comments = ahead;
        }
        case "OBR" -> {
          if (patient == null) {
            throw new LabRejected(
                Code.IDENTITY, segment.path(), "there is no PID before it that tells the resident");
          }
          Hl7Order next = new Hl7Order(segment, orc, patient);
          orders.add(next);
          orc = null;
          comments = next.comments();
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

  private static Hl7Order within(Hl7Segment segment, @Nullable Hl7Order order) throws LabRejected {
    if (order == null) {
      throw new LabRejected(Code.MISSING, segment.path(), "there is no OBR before it");
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

  private @Nullable String record(Hl7Order order) {
    String id = order.either(3, 3);
    if (id == null) {
      id = order.either(2, 2);
    }
    String path = order.obr().path(3);
    if (id == null) {
      faults.add(Code.MISSING, path, "the order has no number of the laboratory's");
      return null;
    }
    if (id.length() > LONGEST_ID || id.chars().anyMatch(c -> c < ' ' || c == 0xFFFD)) {
      faults.add(Code.INVALID, path, "an order number has 1 to 128 characters on one line");
      return null;
    }
    return id;
  }

  private @Nullable LabReport report(String record, List<Hl7Order> orders) {
    Hl7Order first = orders.getFirst();
    ResidentId resident = first.patient().resident();
    for (Hl7Order order : orders) {
      if (!Objects.equals(order.patient().resident(), resident)) {
        faults.add(
            Code.INVALID, order.obr().path(3), "this order number stands for another resident too");
        return null;
      }
    }
    ReportStatus status = Hl7Statuses.ofAll(orders.stream().map(Hl7Order::status).toList());
    List<Group> groups = orders.stream().map(this::group).toList();
    Instant time =
        orders.stream()
            .map(order -> time(order.obr(), 22))
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(null);
    Order asked = order(orders);
    if (resident == null) {
      return null;
    }
    return new LabReport(
        sourceSystem,
        record,
        null,
        status,
        status == ReportStatus.WITHDRAWN ? reason(orders) : null,
        time,
        resident.value(),
        resident.oid(),
        first(orders, order -> order.obr().coded(4)),
        first(orders, order -> Hl7Segment.coded(order.obr().get(24, 1), null, DISCIPLINES)),
        null,
        Hl7Order.comment(first.patient().comments()),
        laboratory(orders),
        first(orders, order -> interpreter(order.obr())),
        null,
        first(orders, order -> order.orc() == null ? null : recipient(order.orc())),
        asked,
        groups,
        List.of());
  }

  private static <T> @Nullable T first(
      List<Hl7Order> orders, Function<Hl7Order, @Nullable T> told) {
    for (Hl7Order order : orders) {
      T found = told.apply(order);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable String reason(List<Hl7Order> orders) {
    String reason =
        orders.stream()
            .flatMap(order ->
                Stream.concat(
                    order.observations().stream().map(Hl7Order.Observation::comment),
                    Stream.ofNullable(order.comment())))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return reason == null ? null : reason.substring(0, Math.min(LONGEST_REASON, reason.length()));
  }

  private Order order(List<Hl7Order> orders) {
    List<Coded> services =
        orders.stream().map(order -> order.obr().coded(4)).flatMap(Stream::ofNullable).toList();
    List<String> questions =
        orders.stream()
            .flatMap(order -> Stream.of(order.obr().lines(13), reasons(order.obr())))
            .flatMap(Stream::ofNullable)
            .distinct()
            .toList();
    return new Order(
        first(orders, order -> order.either(2, 2)),
        questions.isEmpty() ? null : String.join("\n", questions),
        first(orders, this::ordered),
        services,
        first(orders, Hl7Reading::requester));
  }

  private static @Nullable String reasons(Hl7Segment obr) {
    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < obr.repetitions(31); i++) {
      Coded reason = obr.coded(31, i);
      if (reason != null) {
        reasons.add(reason.shown());
      }
    }
    return reasons.isEmpty() ? null : String.join("\n", reasons);
  }

  private @Nullable Instant ordered(Hl7Order order) {
    Instant requested = time(order.obr(), 6);
    return requested == null ? time(order.obr(), 27, 4) : requested;
  }

  private static @Nullable Party requester(Hl7Order order) {
    Party told = person(order.obr(), 16);
    return told == null && order.orc() != null ? person(order.orc(), 12) : told;
  }

  private static @Nullable Party recipient(Hl7Segment orc) {
    Party facility = organisation(orc, 21);
    return facility == null ? party(orc.get(17, 1), orc.get(17, 2)) : facility;
  }

  /** OBX-23, OBX-15 or MSH-4: who has carried out the analyses. */
  private @Nullable Party laboratory(List<Hl7Order> orders) {
    Party told =
        orders.stream()
            .flatMap(order -> order.observations().stream())
            .map(observation -> producer(observation.obx()))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return told == null ? party(msh.get(4, 2), msh.get(4, 1)) : told;
  }

  private static @Nullable Party producer(Hl7Segment obx) {
    Party organisation = organisation(obx, 23);
    return organisation == null ? party(obx.get(15, 1), obx.get(15, 2)) : organisation;
  }

  /** OBR-32, type NDL, whose first component is a person in parts. */
  private static @Nullable Party interpreter(Hl7Segment obr) {
    return party(obr.get(32, 0, 1, 1), name(obr.get(32, 0, 1, 3), obr.get(32, 0, 1, 2)));
  }

  /** A field of type XCN. */
  private static @Nullable Party person(Hl7Segment segment, int field) {
    return party(segment.get(field, 1), name(segment.get(field, 3), segment.get(field, 2)));
  }

  /** A field of type XON. */
  private static @Nullable Party organisation(Hl7Segment segment, int field) {
    String id = segment.get(field, 10);
    return party(id == null ? segment.get(field, 3) : id, segment.get(field, 1));
  }

  private static @Nullable String name(@Nullable String given, @Nullable String family) {
    if (given == null || family == null) {
      return given == null ? family : given;
    }
    return given + " " + family;
  }

  private static @Nullable Party party(@Nullable String id, @Nullable String name) {
    return id == null && name == null ? null : new Party(id, name);
  }

  private Group group(Hl7Order order) {
    Instant collected = time(order.obr(), 7);
    List<Specimen> specimens = specimens(order, collected);
    return new Group(
        order.obr().coded(4),
        List.of(),
        order.comment(),
        order.observations().stream()
            .map(observation -> analysis(order, observation, specimens, collected))
            .toList());
  }

  private Analysis analysis(
      Hl7Order order,
      Hl7Order.Observation observation,
      List<Specimen> specimens,
      @Nullable Instant collected) {
    Hl7Segment obx = observation.obx();
    Coded code = obx.coded(3);
    if (code == null) {
      faults.add(Code.MISSING, obx.path(3), "the analysis is not named");
    }
    List<LabReport.Finding> findings = Hl7Values.findings(observation.lines(), faults);
    if ("U".equals(obx.get(11, 1))
        && findings.stream().allMatch(finding -> finding.value() == null)) {
      faults.add(
          Code.UNSUPPORTED,
          obx.path(11),
          "a status without its value is not taken; send the answer as a whole");
    }
    ReportStatus ofObx = Hl7Statuses.ofObx(obx);
    Instant time = time(obx, 14);
    return new Analysis(
        id(obx),
        code == null ? Coded.words("") : code,
        order.status() == ReportStatus.WITHDRAWN ? ReportStatus.WITHDRAWN : ofObx,
        sourceStatus(order.obr(), obx, ofObx),
        time == null ? collected : time,
        obx.coded(17),
        observation.comment(),
        person(obx, 16),
        specimens,
        findings);
  }

  /** OBX-4 tells observations with the same code apart. */
  private static @Nullable String id(Hl7Segment obx) {
    String code = obx.get(3, 1);
    String part = obx.get(4, 1);
    return part == null ? code : Objects.requireNonNullElse(code, "") + "/" + part;
  }

  /** The code that is not known: of the observation, else of the OBR. */
  private static @Nullable String sourceStatus(
      Hl7Segment obr, Hl7Segment obx, @Nullable ReportStatus ofObx) {
    if (ofObx == ReportStatus.UNKNOWN) {
      return obx.get(11, 1);
    }
    return ofObx == null && Hl7Statuses.ofObr(obr, List.of()) == ReportStatus.UNKNOWN
        ? obr.get(25, 1)
        : null;
  }

  private List<Specimen> specimens(Hl7Order order, @Nullable Instant collected) {
    if (order.specimens().isEmpty()) {
      Specimen older = older(order.obr(), collected);
      return older == null ? List.of() : List.of(older);
    }
    List<Specimen> specimens = new ArrayList<>();
    for (Hl7Order.Specimen told : order.specimens()) {
      Hl7Segment spm = told.spm();
      Instant time = time(spm, 17);
      String filler = spm.get(2, 0, 2, 1);
      specimens.add(
          new Specimen(
              filler == null ? spm.get(2, 0, 1, 1) : filler,
              spm.coded(4),
              time == null ? collected : time,
              spm.coded(8),
              joined(spm.lines(14), Hl7Order.comment(told.comments()))));
    }
    return specimens;
  }

  /** OBR-15, of messages that have no SPM. */
  private static @Nullable Specimen older(Hl7Segment obr, @Nullable Instant collected) {
    Coded material = inParts(obr, 1);
    Coded site = inParts(obr, 4);
    String comment = obr.get(15, 3);
    return material == null && site == null && comment == null
        ? null
        : new Specimen(null, material, collected, site, comment);
  }

  private static @Nullable Coded inParts(Hl7Segment obr, int component) {
    return Hl7Segment.coded(
        obr.get(15, 0, component, 1), obr.get(15, 0, component, 2), obr.get(15, 0, component, 3));
  }

  private static @Nullable String joined(@Nullable String one, @Nullable String other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one + "\n" + other;
  }

  private @Nullable Instant time(Hl7Segment segment, int field) {
    return time(segment, field, 1);
  }

  private @Nullable Instant time(Hl7Segment segment, int field, int component) {
    String text = segment.get(field, component);
    if (text == null) {
      return null;
    }
    Instant time = Hl7Time.parse(text);
    if (time == null) {
      faults.add(
          Code.INVALID,
          segment.path(field),
          "a time is written yyyyMMddHHmmss, shorter where less is known, and may have an offset");
    }
    return time;
  }
}
