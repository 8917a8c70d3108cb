package se.samflode.lab;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statuses of HL7 v2 as ours. Stateless, thread-safe. Source: HL7 tables 0085 and 0123. */
final class Hl7Statuses {

  private static final Map<String, ReportStatus> OF_OBR =
      Map.ofEntries(
          Map.entry("O", ReportStatus.REGISTERED),
          Map.entry("I", ReportStatus.REGISTERED),
          Map.entry("S", ReportStatus.REGISTERED),
          Map.entry("N", ReportStatus.REGISTERED),
          Map.entry("A", ReportStatus.PARTIAL),
          Map.entry("P", ReportStatus.PRELIMINARY),
          Map.entry("R", ReportStatus.PRELIMINARY),
          Map.entry("M", ReportStatus.PRELIMINARY),
          Map.entry("F", ReportStatus.FINAL),
          Map.entry("C", ReportStatus.CORRECTED),
          Map.entry("X", ReportStatus.CANCELLED),
          // In no table for OBR, and not to be misunderstood.
          Map.entry("D", ReportStatus.WITHDRAWN),
          Map.entry("W", ReportStatus.WITHDRAWN));

  private static final Map<String, ReportStatus> OF_OBX =
      Map.ofEntries(
          Map.entry("I", ReportStatus.REGISTERED),
          Map.entry("S", ReportStatus.PARTIAL),
          Map.entry("P", ReportStatus.PRELIMINARY),
          Map.entry("R", ReportStatus.PRELIMINARY),
          Map.entry("F", ReportStatus.FINAL),
          Map.entry("U", ReportStatus.FINAL),
          Map.entry("C", ReportStatus.CORRECTED),
          Map.entry("X", ReportStatus.CANCELLED),
          Map.entry("D", ReportStatus.WITHDRAWN),
          Map.entry("W", ReportStatus.WITHDRAWN));

  private Hl7Statuses() {}

  /** Of an observation; {@code null} where OBX-11 is empty. */
  static @Nullable ReportStatus ofObx(Hl7Segment obx) {
    String code = obx.get(11, 1);
    return code == null ? null : OF_OBX.getOrDefault(code, ReportStatus.UNKNOWN);
  }

  /**
   * Of an OBR: withdrawn if all its observations are; else what OBR-25 says; else what its
   * observations tell.
   */
  static ReportStatus ofObr(Hl7Segment obr, Collection<Hl7Segment> observations) {
    List<@Nullable ReportStatus> each = new ArrayList<>();
    observations.forEach(obx -> each.add(ofObx(obx)));
    ReportStatus told = ReportStatus.ofAll(each);
    String code = obr.get(25, 1);
    return code == null || told == ReportStatus.WITHDRAWN
        ? told
        : OF_OBR.getOrDefault(code, ReportStatus.UNKNOWN);
  }

  /** Of several OBR that are one answer. */
  static ReportStatus ofAll(Collection<ReportStatus> statuses) {
    return new HashSet<>(statuses).size() == 1
        ? statuses.iterator().next()
        : ReportStatus.ofAll(new ArrayList<@Nullable ReportStatus>(statuses));
  }
}
