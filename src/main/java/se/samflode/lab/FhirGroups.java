package se.samflode.lab;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Specimen;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.LabReport.Analysis;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Group;

/**
 * From the Observations that a DiagnosticReport leads to, to groups of analyses. For one thread.
 */
final class FhirGroups {

  private static final int MAX_ANALYSES = 5_000;
  private static final int MAX_DEPTH = 5;

  /** Each panel in a panel repeats them. */
  private static final int MAX_WORDS = 4_000;

  private final FhirReferences references;
  private final FhirSubjects subjects;
  private final FhirAnalysis analyses;
  private final Set<Resource> taken = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * Of the report that is read: whose it is, and what its analyses are of and when that held, where
   * they do not say.
   */
  private @Nullable ResidentId asked;

  private List<Reference> specimens = List.of();
  private @Nullable Instant time;

  /** Analyses of the report that is read. */
  private int count;

  FhirGroups(FhirReferences references, FhirSubjects subjects) {
    this.references = references;
    this.subjects = subjects;
    this.analyses = new FhirAnalysis(references);
  }

  /**
   * What is told of the panels that something is in.
   *
   * @param names the outermost first
   * @param withdrawn whether one of them is
   */
  private record Panel(int depth, List<Coded> names, @Nullable String comment, boolean withdrawn) {

    int length() {
      return names.stream().mapToInt(name -> name.shown().length()).sum()
          + (comment == null ? 0 : comment.length());
    }
  }

  /** Whether some report that has been read leads to an observation. */
  boolean leadTo(Observation observation) {
    return taken.contains(observation);
  }

  /**
   * @param resident whose the report is
   * @param at where it stands
   */
  List<Group> read(DiagnosticReport report, ResidentId resident, String at) throws LabRejected {
    asked = resident;
    specimens = report.getSpecimen();
    time = FhirAnalysis.time(report.getEffective());
    count = 0;
    List<Group> groups = new ArrayList<>();
    List<Analysis> alone = new ArrayList<>();
    Panel none = new Panel(0, List.of(), null, false);
    for (int i = 0; i < report.getResult().size(); i++) {
      member(report.getResult().get(i), at + ".result[" + i + "]", none, alone, groups);
    }
    if (!alone.isEmpty()) {
      groups.addFirst(new Group(null, List.of(), null, alone));
    }
    return groups;
  }

  /** Adds an analysis to those beside it, or a panel to the groups. */
  private void member(
      Reference reference, String path, Panel outer, List<Analysis> beside, List<Group> groups)
      throws LabRejected {
    FhirReferences.Found found = observation(reference, path);
    Observation observation = (Observation) found.resource();
    if (observation.hasHasMember()) {
      panel(observation, found.path(), outer, groups);
    } else {
      beside.add(analysis(observation, found.path(), outer.withdrawn()));
    }
  }

  /** A group with what stands in the panel itself, and one for each panel in it. */
  private void panel(Observation panel, String at, Panel outer, List<Group> groups)
      throws LabRejected {
    if (outer.depth() > MAX_DEPTH) {
      throw new LabRejected(Code.TOO_LARGE, at + ".hasMember", "panels are nested too deep");
    }
    if (outer.length() > MAX_WORDS) {
      throw new LabRejected(
          Code.TOO_LARGE,
          at,
          "the names and notes of the panels that a panel is in have at most "
              + MAX_WORDS
              + " characters");
    }
    Coded code = FhirValues.coded(panel.getCode());
    List<Coded> names = new ArrayList<>(outer.names());
    if (code != null) {
      names.add(code);
    }
    String comment = ContractXml.lines(outer.comment(), FhirAnalysis.notes(panel.getNote()));
    boolean withdrawn = outer.withdrawn() || FhirAnalysis.status(panel) == ReportStatus.WITHDRAWN;
    Panel here = new Panel(outer.depth() + 1, names, comment, withdrawn);
    List<Analysis> own = new ArrayList<>();
    List<Group> inner = new ArrayList<>();
    if (FhirAnalysis.hasFindings(panel)) {
      own.add(analysis(panel, at, withdrawn));
    }
    for (int i = 0; i < panel.getHasMember().size(); i++) {
      member(panel.getHasMember().get(i), at + ".hasMember[" + i + "]", here, own, inner);
    }
    if (!own.isEmpty()) {
      groups.add(new Group(code, outer.names(), comment, own));
    }
    groups.addAll(inner);
  }

  private Analysis analysis(Observation observation, String at, boolean withdrawn)
      throws LabRejected {
    if (++count > MAX_ANALYSES) {
      throw new LabRejected(
          Code.TOO_LARGE, at, "a report has at most " + MAX_ANALYSES + " analyses");
    }
    return analyses.read(observation, at, withdrawn, specimen(observation), time);
  }

  private FhirReferences.Found observation(Reference reference, String path) throws LabRejected {
    FhirReferences.Found found = references.of(reference);
    if (found == null || !(found.resource() instanceof Observation)) {
      throw new LabRejected(
          Code.MISSING, path, "this must lead to an Observation in the same Bundle");
    }
    taken.add(found.resource());
    Observation observation = (Observation) found.resource();
    subjects.refuseOthers(observation.getSubject(), asked, found.path());
    subjects.refuseOtherFocus(observation, asked, found.path());
    FhirReferences.Found specimen = references.of(specimen(observation));
    if (specimen != null && specimen.resource() instanceof Specimen of) {
      subjects.refuseOthers(of.getSubject(), asked, specimen.path());
    }
    return found;
  }

  /** Reports that share an Observation may each have a specimen for it. */
  private Reference specimen(Observation observation) {
    return observation.hasSpecimen() || specimens.size() != 1
        ? observation.getSpecimen()
        : specimens.getFirst();
  }
}
