package se.samflode.lab;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Group;
import se.samflode.lab.LabReport.Order;

/** Makes reports of the segments of one ORU^R01. For one message and thread. */
final class Hl7Reading {

  private static final int LONGEST_ID = 128;
  private static final int LONGEST_REASON = 1_000;

  private static final String DISCIPLINES = "http://terminology.hl7.org/CodeSystem/v2-0074";

  private final Hl7Segment msh;
  private final String sourceSystem;
  private final LabFaults faults = new LabFaults();
  private final Hl7Time times;
  private final Hl7Groups groups;
  private final Hl7Orders allOrders;

  /**
   * @param sourceSystem the HSA-id that the message is of
   */
  Hl7Reading(Hl7Segment msh, String sourceSystem, InstantSource clock) {
    this.msh = msh;
    this.sourceSystem = sourceSystem;
    this.times = new Hl7Time(msh, faults);
    this.groups = new Hl7Groups(times, faults);
    this.allOrders = new Hl7Orders(clock, faults);
  }

  /** A report for each order number, in the order of the message; its parts are the OBR. */
  Delivery.Read read(List<Hl7Segment> segments) throws LabRejected {
    Map<String, List<Hl7Order>> byRecord = new LinkedHashMap<>();
    List<String> recordOfEach = new ArrayList<>();
    List<Hl7Order> all = allOrders.of(segments);
    for (Hl7Order order : all) {
      String record = record(order);
      if (record != null) {
        byRecord.computeIfAbsent(record, id -> new ArrayList<>()).add(order);
        recordOfEach.add(record);
      }
    }
    if (byRecord.size() > LabIntake.MAX_REPORTS) {
      throw new LabRejected(
          Code.TOO_LARGE, "", "the message has more than 1,000 answers; send them in several");
    }
    Hl7Parents parents = new Hl7Parents(all, faults);
    List<LabReport> reports = new ArrayList<>();
    byRecord.forEach((record, orders) -> {
      LabReport report = report(record, orders, parents);
      if (report != null) {
        reports.add(report);
      }
    });
    faults.throwIfAny();
    List<String> records = List.copyOf(byRecord.keySet());
    return new Delivery.Read(null, reports, recordOfEach.stream().map(records::indexOf).toList());
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

  private @Nullable LabReport report(String record, List<Hl7Order> orders, Hl7Parents parents) {
    Hl7Order first = orders.getFirst();
    ResidentId resident = first.patient().resident();
    for (Hl7Order order : orders) {
      if (!Objects.equals(order.patient().resident(), resident)) {
        faults.add(
            Code.INVALID, order.obr().path(3), "this order number stands for another resident too");
        return null;
      }
    }
    ReportStatus status =
        Hl7Statuses.ofAll(
            orders.stream()
                .map(order ->
                    parents.of(order).withdrawn() ? ReportStatus.WITHDRAWN : order.status())
                .toList());
    List<Group> analyses =
        orders.stream().map(order -> groups.group(order, parents.of(order))).toList();
    Instant time =
        orders.stream()
            .map(order -> times.of(order.obr(), 22))
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
        Coded.first(
            orders.stream()
                .map(order -> Hl7Segment.coded(order.obr().get(24, 1), null, DISCIPLINES))
                .flatMap(Stream::ofNullable)
                .toList()),
        null,
        Hl7Order.comment(first.patient().comments()),
        Hl7Parties.laboratory(msh, orders),
        first(orders, Hl7Parties::interpreter),
        null,
        first(orders, Hl7Parties::recipient),
        asked,
        analyses,
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
        first(orders, Hl7Parties::requester));
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
    Instant requested = times.of(order.obr(), 6);
    return requested == null ? times.of(order.obr(), 27, 4) : requested;
  }
}
