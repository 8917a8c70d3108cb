package se.samflode.lab;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.LabReport.Analysis;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Group;
import se.samflode.lab.LabReport.Specimen;

/** From an OBR with what belongs to it, to a group of analyses. For one message and thread. */
final class Hl7Groups {

  private final Hl7Time times;
  private final LabFaults faults;

  Hl7Groups(Hl7Time times, LabFaults faults) {
    this.times = times;
    this.faults = faults;
  }

  /**
   * @param parent what the order belongs to
   */
  Group group(Hl7Order order, Hl7Parents.Parent parent) {
    boolean withdrawn = parent.withdrawn() || order.status() == ReportStatus.WITHDRAWN;
    Instant collected = times.of(order.obr(), 7);
    List<Specimen> specimens = specimens(order, collected);
    return new Group(
        order.obr().coded(4),
        parent.names(),
        order.comment(),
        order.observations().isEmpty() && withdrawn
            ? List.of(withdrawn(order.obr()))
            : order.observations().stream()
                .map(observation -> analysis(order, observation, withdrawn, specimens, collected))
                .toList());
  }

  /** Of an OBR without observations, so that the version is known to withdraw something. */
  private static Analysis withdrawn(Hl7Segment obr) {
    Coded code = obr.coded(4);
    return new Analysis(
        null,
        code == null ? Coded.words("") : code,
        ReportStatus.WITHDRAWN,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of());
  }

  private Analysis analysis(
      Hl7Order order,
      Hl7Order.Observation observation,
      boolean withdrawn,
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
    Instant time = times.of(obx, 14);
    return new Analysis(
        id(obx),
        code == null ? Coded.words("") : code,
        withdrawn ? ReportStatus.WITHDRAWN : ofObx,
        sourceStatus(order.obr(), obx, ofObx),
        time == null ? collected : time,
        obx.coded(17),
        observation.comment(),
        Hl7Parties.person(obx, 16),
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
      Instant time = times.of(spm, 17);
      String filler = spm.get(2, 0, 2, 1);
      specimens.add(
          new Specimen(
              filler == null ? spm.get(2, 0, 1, 1) : filler,
              spm.coded(4),
              time == null ? collected : time,
              spm.coded(8),
              ContractXml.lines(spm.lines(14), Hl7Order.comment(told.comments()))));
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
}
