package se.samflode.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Finding;
import se.samflode.lab.LabReport.Value;

/**
 * What an OBR belongs to: a result of an OBR before it, such as the bacteria whose resistance was
 * tested. OBR-26 names the result, OBR-29 or ORC-8 the order that it is in. For one message and
 * thread.
 */
final class Hl7Parents {

  /** Each OBR that belongs to a result repeats them. */
  private static final int MAX_WORDS = 4_000;

  private static final Parent NONE = new Parent(List.of(), false);

  private final LabFaults faults;
  private final Map<Hl7Order, Parent> parents = new HashMap<>();
  private final List<Result> before = new ArrayList<>();

  /**
   * @param names of the groups and results that something belongs to, the outermost first
   * @param withdrawn whether one of them is
   */
  record Parent(List<Coded> names, boolean withdrawn) {}

  /** A result that others may belong to. */
  private record Result(
      @Nullable ResidentId resident,
      @Nullable String placer,
      @Nullable String filler,
      @Nullable String code,
      @Nullable String words,
      @Nullable String part,
      Parent parent) {}

  /**
   * @param orders of the message, in its order
   */
  Hl7Parents(List<Hl7Order> orders, LabFaults faults) {
    this.faults = faults;
    if (orders.stream().noneMatch(Hl7Parents::belongsToAResult)) {
      return;
    }
    for (Hl7Order order : orders) {
      Parent parent = parent(order);
      parents.put(order, parent);
      boolean withdrawn = parent.withdrawn() || order.status() == ReportStatus.WITHDRAWN;
      order
          .observations()
          .forEach(
              observation -> before.add(result(order, observation, parent.names(), withdrawn)));
    }
  }

  /** What an order of the message belongs to; without names if to nothing. */
  Parent of(Hl7Order order) {
    return parents.getOrDefault(order, NONE);
  }

  private static boolean belongsToAResult(Hl7Order order) {
    return order.obr().whole(26, 0) != null;
  }

  private Parent parent(Hl7Order order) {
    if (!belongsToAResult(order)) {
      return NONE;
    }
    Hl7Segment obr = order.obr();
    List<Result> named = named(order);
    String told = obr.get(26, 0, 3, 1);
    if (named.size() != 1 && told == null) {
      faults.add(
          Code.MISSING,
          obr.path(26),
          "the result that this belongs to must be one OBX of an OBR before it in the message, or"
              + " be told in the third component");
      return NONE;
    }
    Parent parent =
        named.size() == 1
            ? named.getFirst().parent()
            : new Parent(List.of(Coded.words(String.valueOf(told))), false);
    if (parent.names().stream().mapToInt(name -> name.shown().length()).sum() > MAX_WORDS) {
      faults.add(
          Code.TOO_LARGE,
          obr.path(26),
          "the names of what an OBR belongs to have at most " + MAX_WORDS + " characters");
      return NONE;
    }
    return parent;
  }

  private List<Result> named(Hl7Order order) {
    Hl7Segment obr = order.obr();
    String code = obr.get(26, 0, 1, 1);
    String words = code == null ? obr.get(26, 0, 1, 2) : null;
    String part = obr.get(26, 0, 2, 1);
    if (code == null && words == null && part == null) {
      return List.of();
    }
    String filler = ofParent(order, 2);
    String placer = filler == null ? ofParent(order, 1) : null;
    return before.stream()
        .filter(result ->
            Objects.equals(order.patient().resident(), result.resident())
                && fits(filler, result.filler())
                && fits(placer, result.placer())
                && fits(code, result.code())
                && fits(words, result.words())
                && fits(part, result.part()))
        .toList();
  }

  private static boolean fits(@Nullable String told, @Nullable String known) {
    return told == null || told.equals(known);
  }

  /**
   * @param component 1 for the number of who ordered, 2 for the laboratory's
   */
  private static @Nullable String ofParent(Hl7Order order, int component) {
    String told = order.obr().get(29, 0, component, 1);
    Hl7Segment orc = order.orc();
    return told == null && orc != null ? orc.get(8, 0, component, 1) : told;
  }

  private static Result result(
      Hl7Order order, Hl7Order.Observation observation, List<Coded> outer, boolean withdrawn) {
    Hl7Segment obx = observation.obx();
    List<Coded> names = new ArrayList<>(outer);
    Coded group = order.obr().coded(4);
    if (group != null) {
      names.add(group);
    }
    names.addAll(found(observation));
    return new Result(
        order.patient().resident(),
        order.either(2, 2),
        order.either(3, 3),
        obx.get(3, 1),
        obx.get(3, 2),
        obx.get(4, 1),
        new Parent(names, withdrawn || Hl7Statuses.ofObx(obx) == ReportStatus.WITHDRAWN));
  }

  /** What was found, where it is told in codes or words; else what was looked for. */
  private static List<Coded> found(Hl7Order.Observation observation) {
    List<Coded> found =
        Hl7Values.findings(observation.lines(), new LabFaults()).stream()
            .map(Finding::value)
            .flatMap(Stream::ofNullable)
            .map(Hl7Parents::name)
            .flatMap(Stream::ofNullable)
            .toList();
    if (!found.isEmpty()) {
      return found;
    }
    Coded asked = observation.obx().coded(3);
    return asked == null ? List.of() : List.of(asked);
  }

  private static @Nullable Coded name(Value value) {
    return value.text() == null ? value.coded() : Coded.words(value.text());
  }
}
