package se.samflode.lab;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Annotation;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationComponentComponent;
import org.hl7.fhir.r4.model.Observation.ObservationReferenceRangeComponent;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.LabReport.Analysis;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Finding;
import se.samflode.lab.LabReport.Range;
import se.samflode.lab.LabReport.Specimen;
import se.samflode.lab.LabReport.Value;

/** From an Observation of FHIR R4 to an analysis: see docs/labs.md. For one thread. */
final class FhirAnalysis {

  private static final String MEANING =
      "http://terminology.hl7.org/CodeSystem/referencerange-meaning";

  private final FhirReferences references;

  FhirAnalysis(FhirReferences references) {
    this.references = references;
  }

  /**
   * @param at where the observation stands
   * @param withdrawn whether a panel that it is in is withdrawn
   * @param specimen what it is of
   * @param when the time of what was found, where the observation tells none
   */
  Analysis read(
      Observation observation,
      String at,
      boolean withdrawn,
      Reference specimen,
      @Nullable Instant when)
      throws LabRejected {
    Coded code = FhirValues.coded(observation.getCode());
    if (code == null) {
      throw new LabRejected(
          Code.MISSING, at + ".code", "an Observation needs a code or words for what it is of");
    }
    ReportStatus status = withdrawn ? ReportStatus.WITHDRAWN : status(observation);
    List<Finding> findings = findings(observation, at, needsAnswer(status));
    Instant time = time(observation.getEffective());
    return new Analysis(
        observation.getIdentifier().stream()
            .map(Identifier::getValue)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null),
        code,
        status,
        null,
        time == null ? when : time,
        FhirValues.coded(observation.getMethod()),
        notes(observation.getNote()),
        FhirReport.party(references, observation.getPerformer()),
        specimens(observation, specimen),
        findings);
  }

  private static boolean needsAnswer(@Nullable ReportStatus status) {
    return status != ReportStatus.REGISTERED
        && status != ReportStatus.CANCELLED
        && status != ReportStatus.WITHDRAWN;
  }

  static @Nullable ReportStatus status(Observation observation) {
    if (!observation.hasStatus()) {
      return null;
    }
    return switch (observation.getStatus()) {
      case REGISTERED -> ReportStatus.REGISTERED;
      case PRELIMINARY -> ReportStatus.PRELIMINARY;
      case FINAL -> ReportStatus.FINAL;
      case AMENDED -> ReportStatus.AMENDED;
      case CORRECTED -> ReportStatus.CORRECTED;
      case CANCELLED -> ReportStatus.CANCELLED;
      case ENTEREDINERROR -> ReportStatus.WITHDRAWN;
      case UNKNOWN, NULL -> null;
    };
  }

  /** Whether a panel finds something itself, beside what its members find. */
  static boolean hasFindings(Observation panel) {
    return panel.hasValue()
        || panel.hasDataAbsentReason()
        || panel.hasInterpretation()
        || panel.hasReferenceRange()
        || panel.hasComponent();
  }

  /**
   * What an observation has found as a whole, and what each of its components has.
   *
   * @param needed whether they must answer something
   */
  private static List<Finding> findings(Observation observation, String at, boolean needed)
      throws LabRejected {
    List<Finding> findings = new ArrayList<>();
    Finding whole =
        new Finding(
            null,
            value(observation.getValue(), observation.getDataAbsentReason()),
            interpretations(observation.getInterpretation()),
            references(observation.getReferenceRange()),
            null);
    if (whole.answers() || !whole.references().isEmpty()) {
      findings.add(whole);
    }
    if (needed && !whole.answers() && !observation.hasComponent() && !observation.hasHasMember()) {
      throw new LabRejected(
          Code.MISSING,
          at + ".value",
          "an Observation needs a value, a dataAbsentReason, an interpretation or a component");
    }
    for (int i = 0; i < observation.getComponent().size(); i++) {
      findings.add(part(observation.getComponent().get(i), at + ".component[" + i + "]", needed));
    }
    return findings;
  }

  private static Finding part(ObservationComponentComponent component, String at, boolean needed)
      throws LabRejected {
    Coded code = FhirValues.coded(component.getCode());
    if (code == null) {
      throw new LabRejected(
          Code.MISSING, at + ".code", "a component needs a code or words for what it is of");
    }
    Finding part =
        new Finding(
            code,
            value(component.getValue(), component.getDataAbsentReason()),
            interpretations(component.getInterpretation()),
            references(component.getReferenceRange()),
            null);
    if (needed && !part.answers()) {
      throw new LabRejected(
          Code.MISSING,
          at + ".value",
          "a component needs a value, a dataAbsentReason or an interpretation");
    }
    return part;
  }

  private static @Nullable Value value(@Nullable Type given, CodeableConcept absent) {
    Value value = given == null ? null : FhirValues.value(given);
    if (value != null) {
      return value;
    }
    Coded reason = FhirValues.coded(absent);
    return reason == null ? null : Value.coded(reason);
  }

  private static List<Coded> interpretations(List<CodeableConcept> concepts) {
    return concepts.stream().map(FhirValues::interpretation).filter(Objects::nonNull).toList();
  }

  private static List<Coded> codes(List<CodeableConcept> concepts) {
    return concepts.stream().map(FhirValues::coded).filter(Objects::nonNull).toList();
  }

  private static List<Range> references(List<ObservationReferenceRangeComponent> ranges) {
    return ranges.stream().map(FhirAnalysis::reference).toList();
  }

  private static Range reference(ObservationReferenceRangeComponent range) {
    List<String> whom = new ArrayList<>();
    codes(range.getAppliesTo()).stream().map(Coded::shown).forEach(whom::add);
    if (range.hasAge()) {
      whom.add(age(range.getAge()));
    }
    return FhirValues.interval(
        range.getLow(),
        range.getHigh(),
        ContractXml.lines(kind(range.getType()), FhirReport.text(range.getText())),
        whom.isEmpty() ? null : String.join(", ", whom));
  }

  /** What a range is of; {@code null} where that is the normal, which all are that do not say. */
  private static @Nullable String kind(CodeableConcept type) {
    Coded coded = FhirValues.coded(type);
    return coded == null || type.hasCoding(MEANING, "normal") ? null : coded.shown();
  }

  private static String age(org.hl7.fhir.r4.model.Range age) {
    Range span = FhirValues.interval(age.getLow(), age.getHigh(), null, null);
    return Stream.of("ålder", ContractXml.shown(span), span.unit())
        .filter(Objects::nonNull)
        .collect(Collectors.joining(" "));
  }

  private List<Specimen> specimens(Observation observation, Reference given) {
    Coded site = FhirValues.coded(observation.getBodySite());
    FhirReferences.Found found = references.of(given);
    if (found != null && found.resource() instanceof org.hl7.fhir.r4.model.Specimen specimen) {
      Coded taken = FhirValues.coded(specimen.getCollection().getBodySite());
      return List.of(
          new Specimen(
              specimen.getIdentifier().stream()
                  .map(Identifier::getValue)
                  .filter(Objects::nonNull)
                  .findFirst()
                  .orElse(specimen.getAccessionIdentifier().getValue()),
              FhirValues.coded(specimen.getType()),
              time(specimen.getCollection().getCollected()),
              taken == null ? site : taken,
              notes(specimen.getNote())));
    }
    String named = FhirReport.text(given.getDisplay());
    return named == null && site == null
        ? List.of()
        : List.of(new Specimen(null, named == null ? null : Coded.words(named), null, site, null));
  }

  /** The start of what is given. */
  static @Nullable Instant time(@Nullable Type given) {
    return switch (given) {
      case Period period when period.hasStart() -> FhirValues.time(period.getStartElement());
      case Period period -> FhirValues.time(period.getEndElement());
      case BaseDateTimeType time -> FhirValues.time(time);
      case null, default -> null;
    };
  }

  static @Nullable String notes(List<Annotation> notes) {
    List<String> texts = notes.stream().map(Annotation::getText).filter(Objects::nonNull).toList();
    return texts.isEmpty() ? null : String.join("\n", texts);
  }
}
