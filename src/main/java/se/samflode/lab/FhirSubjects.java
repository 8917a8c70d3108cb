package se.samflode.lab;

import java.time.InstantSource;
import java.util.List;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;

/** Whose the resources of a Bundle are: see docs/labs.md. For one thread. */
final class FhirSubjects {

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
    FhirReferences.Found found = references.of(subject);
    ResidentId other = null;
    if (found != null && found.resource() instanceof Patient patient) {
      other = resident(patient.getIdentifier(), found.path() + ".identifier");
    } else if (subject.hasIdentifier()) {
      other = resident(List.of(subject.getIdentifier()), at + ".subject.identifier");
    }
    if (other == null || asked == null || !other.value().equals(asked.value())) {
      throw new LabRejected(
          Code.IDENTITY,
          at + ".subject",
          "this must be the subject of the DiagnosticReport that leads here, or be left out");
    }
  }
}
