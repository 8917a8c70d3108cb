package se.samflode.lab;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.jspecify.annotations.Nullable;
import se.samflode.access.Sender;
import se.samflode.index.UpdateRules;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.LabReport.Attachment;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Group;
import se.samflode.lab.LabReport.Order;
import se.samflode.lab.LabReport.Party;

/** From a DiagnosticReport of FHIR R4 to a report: see docs/labs.md. For one thread. */
final class FhirReport {

  private static final int MAX_RECORD_ID = 128;
  private static final String LABORATORY = "LAB";

  private final FhirReferences references;
  private final Sender sender;
  private final FhirSubjects subjects;
  private final FhirGroups groups;

  FhirReport(FhirReferences references, Sender sender, InstantSource clock) {
    this.references = references;
    this.sender = sender;
    this.subjects = new FhirSubjects(references, clock);
    this.groups = new FhirGroups(references, subjects);
  }

  /**
   * @param at where the report stands
   * @throws LabRejected at the first thing that is wrong with it
   */
  LabReport read(DiagnosticReport report, String at) throws LabRejected {
    Identifier identifier = identifier(report, at);
    String sourceSystem = sourceSystem(report, identifier, at);
    ResidentId resident = subjects.of(report, at);
    List<Group> analyses = groups.read(report, resident, at);
    ReportStatus status = status(report, analyses);
    ServiceRequest request = request(report, resident);
    return new LabReport(
        sourceSystem,
        recordId(identifier, at),
        sequence(report),
        status,
        status == ReportStatus.WITHDRAWN ? text(report.getConclusion()) : null,
        FhirValues.time(
            report.hasIssued()
                ? report.getIssuedElement()
                : report.getMeta().getLastUpdatedElement()),
        resident.value(),
        resident.oid(),
        FhirValues.coded(report.getCode()),
        discipline(report),
        text(report.getConclusion()),
        comment(report),
        party(report.getPerformer()),
        party(report.getResultsInterpreter()),
        null,
        null,
        request == null ? order(report) : order(request),
        analyses,
        attachments(report, at));
  }

  /** Whether some report that has been read leads to an observation. */
  boolean leadsTo(Observation observation) {
    return groups.leadTo(observation);
  }

  private static Identifier identifier(DiagnosticReport report, String at) throws LabRejected {
    return report.getIdentifier().stream()
        .filter(Identifier::hasValue)
        .filter(id ->
            id.getUse() != Identifier.IdentifierUse.SECONDARY
                && id.getUse() != Identifier.IdentifierUse.OLD)
        .findFirst()
        .orElseThrow(() ->
            new LabRejected(
                Code.MISSING,
                at + ".identifier.value",
                "a DiagnosticReport needs an identifier of its own, the same in every version"));
  }

  private static String recordId(Identifier identifier, String at) throws LabRejected {
    String value = identifier.getValue();
    if (value.isBlank()
        || value.length() > MAX_RECORD_ID
        || value.chars().anyMatch(Character::isISOControl)
        || !UpdateRules.fitsXml(value)
        || !value.equals(value.strip())) {
      throw new LabRejected(
          Code.INVALID,
          at + ".identifier.value",
          "an identifier has 1 to 128 characters without blanks around them");
    }
    return value;
  }

  /** As meta.source tells it, else who assigned the identifier, else the only one there is. */
  private String sourceSystem(DiagnosticReport report, Identifier identifier, String at)
      throws LabRejected {
    String hsa = CodeSystems.HSA + "#";
    String source = report.getMeta().getSource();
    Identifier assigner = identifier.getAssigner().getIdentifier();
    String named;
    String path;
    if (source != null && source.startsWith(hsa)) {
      named = source.substring(hsa.length());
      path = at + ".meta.source";
    } else if (CodeSystems.HSA.equals(CodeSystems.kept(assigner.getSystem()))
        && assigner.hasValue()) {
      named = assigner.getValue();
      path = at + ".identifier.assigner.identifier";
    } else {
      named = null;
      path = at + ".meta.source";
    }
    return sourceSystem(sender, named, path);
  }

  /** The source system that is named, or the only one that the sender has. */
  static String sourceSystem(Sender sender, @Nullable String named, String path)
      throws LabRejected {
    if (named != null) {
      return sender
          .sourceSystem(named)
          .orElseThrow(() ->
              new LabRejected(
                  Code.SOURCE_SYSTEM, path, "this sender may not push for that source system"))
          .address()
          .value();
    }
    if (sender.sourceSystems().size() > 1) {
      throw new LabRejected(
          Code.SOURCE_SYSTEM,
          path,
          "this sender has several source systems; name the HSA-id of the one it is of");
    }
    return sender.sourceSystems().getFirst().address().value();
  }

  private static @Nullable Long sequence(DiagnosticReport report) {
    String version = report.getMeta().getVersionId();
    return version != null && version.matches("[0-9]{1,18}") ? Long.valueOf(version) : null;
  }

  private static ReportStatus status(DiagnosticReport report, List<Group> groups) {
    if (!report.hasStatus()) {
      List<@Nullable ReportStatus> each = new ArrayList<>();
      groups.forEach(group -> group.analyses().forEach(analysis -> each.add(analysis.status())));
      return ReportStatus.ofAll(each);
    }
    return switch (report.getStatus()) {
      case REGISTERED -> ReportStatus.REGISTERED;
      case PARTIAL -> ReportStatus.PARTIAL;
      case PRELIMINARY -> ReportStatus.PRELIMINARY;
      case FINAL -> ReportStatus.FINAL;
      case AMENDED, APPENDED -> ReportStatus.AMENDED;
      case CORRECTED -> ReportStatus.CORRECTED;
      case CANCELLED -> ReportStatus.CANCELLED;
      case ENTEREDINERROR -> ReportStatus.WITHDRAWN;
      case UNKNOWN, NULL -> ReportStatus.UNKNOWN;
    };
  }

  /** The first category that says more than that it is of a laboratory, with all others. */
  private static @Nullable Coded discipline(DiagnosticReport report) {
    List<Coded> told =
        report.getCategory().stream()
            .map(FhirReport::category)
            .flatMap(Stream::ofNullable)
            .flatMap(category -> Stream.concat(Stream.of(category), category.also().stream()))
            .toList();
    return Coded.first(told);
  }

  private static @Nullable Coded category(CodeableConcept category) {
    CodeableConcept rest = category.copy();
    List<Coding> laboratory =
        rest.getCoding().stream().filter(c -> LABORATORY.equals(c.getCode())).toList();
    rest.getCoding().removeAll(laboratory);
    // The words of that code are no field of their own, other words are.
    if (laboratory.stream()
        .flatMap(coding -> Stream.of("Laboratory", String.valueOf(coding.getDisplay())))
        .anyMatch(words -> words.equalsIgnoreCase(rest.getText()))) {
      rest.setText(null);
    }
    return FhirValues.coded(rest);
  }

  private static @Nullable String comment(DiagnosticReport report) {
    List<String> conclusions =
        report.getConclusionCode().stream()
            .map(FhirValues::coded)
            .filter(Objects::nonNull)
            .map(Coded::shown)
            .toList();
    return conclusions.isEmpty() ? null : String.join("\n", conclusions);
  }

  /** The first order that is answered; each must be the resident's. */
  private @Nullable ServiceRequest request(DiagnosticReport report, ResidentId resident)
      throws LabRejected {
    ServiceRequest first = null;
    for (Reference reference : report.getBasedOn()) {
      FhirReferences.Found found = references.of(reference);
      if (found != null && found.resource() instanceof ServiceRequest request) {
        subjects.refuseOthers(request.getSubject(), resident, found.path());
        first = first == null ? request : first;
      }
    }
    return first;
  }

  private static @Nullable Order order(DiagnosticReport report) {
    return report.getBasedOn().stream()
        .map(reference -> reference.getIdentifier().getValue())
        .filter(Objects::nonNull)
        .findFirst()
        .map(id -> new Order(id, null, null, List.of(), null))
        .orElse(null);
  }

  private Order order(ServiceRequest request) {
    Coded code = FhirValues.coded(request.getCode());
    List<String> questions = new ArrayList<>();
    request.getReasonCode().stream()
        .map(FhirValues::coded)
        .filter(Objects::nonNull)
        .map(Coded::shown)
        .forEach(questions::add);
    String notes = FhirAnalysis.notes(request.getNote());
    if (notes != null) {
      questions.add(notes);
    }
    return new Order(
        request.getIdentifier().stream().map(Identifier::getValue).findFirst().orElse(null),
        questions.isEmpty() ? null : String.join("\n", questions),
        FhirValues.time(request.getAuthoredOnElement()),
        code == null ? List.of() : List.of(code),
        party(List.of(request.getRequester())));
  }

  private @Nullable Party party(List<Reference> among) {
    return party(references, among);
  }

  /** The first of some references that tells who it is. */
  static @Nullable Party party(FhirReferences references, List<Reference> among) {
    for (Reference reference : among) {
      FhirReferences.Found found = references.of(reference);
      Party party =
          switch (found == null ? null : found.resource()) {
            case Organization organization ->
                new Party(hsa(organization.getIdentifier()), text(organization.getName()));
            case Practitioner practitioner ->
                new Party(
                    hsa(practitioner.getIdentifier()),
                    text(practitioner.getNameFirstRep().getNameAsSingleString()));
            case PractitionerRole role ->
                party(references, List.of(role.getPractitioner(), role.getOrganization()));
            case null, default ->
                new Party(text(reference.getIdentifier().getValue()), text(reference.getDisplay()));
          };
      if (party != null && (party.id() != null || party.name() != null)) {
        return party;
      }
    }
    return null;
  }

  private static @Nullable String hsa(List<Identifier> identifiers) {
    return identifiers.stream()
        .filter(id -> CodeSystems.HSA.equals(CodeSystems.kept(id.getSystem())))
        .map(Identifier::getValue)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static List<Attachment> attachments(DiagnosticReport report, String at)
      throws LabRejected {
    List<Attachment> attachments = new ArrayList<>();
    for (org.hl7.fhir.r4.model.Attachment given : report.getPresentedForm()) {
      String data = text(given.getDataElement().getValueAsString());
      String title = title(given, data == null);
      if (data == null && title == null) {
        throw new LabRejected(
            Code.MISSING,
            at + ".presentedForm[" + attachments.size() + "].data",
            "a document needs its data, or a url or a title by which it can be found");
      }
      attachments.add(new Attachment(text(given.getContentType()), title, data));
    }
    return attachments;
  }

  /** With the address of one that is elsewhere, so that a reader can ask for it. */
  private static @Nullable String title(org.hl7.fhir.r4.model.Attachment given, boolean elsewhere) {
    String title = text(given.getTitle());
    String url = elsewhere ? text(given.getUrl()) : null;
    if (url == null) {
      return title;
    }
    return title == null ? url : title + " (" + url + ")";
  }

  static @Nullable String text(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
