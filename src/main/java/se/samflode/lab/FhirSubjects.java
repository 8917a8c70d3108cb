package se.samflode.lab;

import java.time.InstantSource;
import java.util.List;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;

/** Whose the resources of a Bundle are: see docs/labs.md. For one thread. */
final class FhirSubjects {

  /** In codes, whom something is found of where that is not the subject. */
  private static final String FOCUS_CODE =
      "http://hl7.org/fhir/StructureDefinition/observation-focusCode";

  private final FhirReferences references;
  private final InstantSource clock;

  FhirSubjects(FhirReferences references, InstantSource clock) {
    this.references = references;
    this.clock = clock;
  }

  /**
   * Whose a report is.
   *
   * @throws LabRejected with IDENTITY if that is not told, or no identity of ours
   */
  ResidentId of(DiagnosticReport report, String at) throws LabRejected {
    Reference subject = report.getSubject();
    FhirReferences.Found found = references.of(subject);
    List<Identifier> identifiers;
    String path;
    if (found != null && found.resource() instanceof Patient patient) {
      identifiers = patient.getIdentifier();
      path = found.path() + ".identifier";
    } else if (subject.hasIdentifier()) {
      identifiers = List.of(subject.getIdentifier());
      path = at + ".subject.identifier";
    } else {
      throw new LabRejected(
          Code.IDENTITY,
          at + ".subject",
          "the subject must be a Patient in this Bundle, or an identifier");
    }
    return resident(identifiers, path);
  }

  /** A national number before all others: what a resident's consumers ask with. */
  private ResidentId resident(List<Identifier> identifiers, String path) throws LabRejected {
    Identifier best = null;
    for (Identifier identifier : identifiers) {
      String oid = ResidentId.oid(identifier.getSystem());
      if (oid != null
          && identifier.getUse() != Identifier.IdentifierUse.OLD
          && (best == null
              || (ResidentId.isNational(oid)
                  && !ResidentId.isNational(ResidentId.oid(best.getSystem()))))) {
        best = identifier;
      }
    }
    return best == null
        ? ResidentId.of(null, null, path, clock)
        : ResidentId.of(ResidentId.oid(best.getSystem()), best.getValue(), path, clock);
  }

  /**
   * Refuses what is about somebody else than the report that leads to it.
   *
   * @param asked whose the report is
   */
  void refuseOthers(Reference subject, @Nullable ResidentId asked, String at) throws LabRejected {
    if (subject.isEmpty()) {
      return;
    }
    if (!leadsTo(asked, subject, at + ".subject")) {
      throw new LabRejected(
          Code.IDENTITY,
          at + ".subject",
          "this must be the subject of the DiagnosticReport that leads here, or be left out");
    }
  }

  /**
   * Refuses what is found of something else than the subject, such as a foetus or a donor, since it
   * would be shown as the subject's own.
   *
   * @param asked whose the report is
   */
  void refuseOtherFocus(Observation observation, @Nullable ResidentId asked, String at)
      throws LabRejected {
    if (observation.hasExtension(FOCUS_CODE)) {
      throw otherFocus(at + ".extension");
    }
    for (int i = 0; i < observation.getFocus().size(); i++) {
      String path = at + ".focus[" + i + "]";
      boolean same;
      try {
        same = leadsTo(asked, observation.getFocus().get(i), path);
      } catch (LabRejected noIdentityOfOurs) {
        same = false;
      }
      if (!same) {
        throw otherFocus(path);
      }
    }
  }

  private static LabRejected otherFocus(String path) {
    return new LabRejected(
        Code.UNSUPPORTED,
        path,
        "what is found of another than the subject, such as a foetus or a donor, is not taken; the"
            + " focus must be the subject, or be left out");
  }

  private boolean leadsTo(@Nullable ResidentId asked, Reference reference, String at)
      throws LabRejected {
    FhirReferences.Found found = references.of(reference);
    ResidentId other = null;
    if (found != null && found.resource() instanceof Patient patient) {
      other = resident(patient.getIdentifier(), found.path() + ".identifier");
    } else if (reference.hasIdentifier()) {
      other = resident(List.of(reference.getIdentifier()), at + ".identifier");
    }
    return other != null && asked != null && other.value().equals(asked.value());
  }
}
