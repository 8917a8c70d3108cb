package se.samflode.lab;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabReport.Analysis;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Finding;
import se.samflode.lab.LabReport.Group;
import se.samflode.lab.LabReport.Party;
import se.samflode.lab.LabReport.Range;
import se.samflode.lab.LabReport.Specimen;
import se.samflode.lab.LabReport.Value;

/**
 * Writes reports as items of GetLaboratoryOrderOutcome 3 (actoutcome 3.1). What mandatory elements
 * get where a report has no such thing stands in docs/labs.md. For one thread.
 */
final class LabContract3 {

  static final String NAME = "GetLaboratoryOrderOutcome 3";
  private static final String CORE = "urn:riv:clinicalprocess:healthcond:actoutcome:3";

  /**
   * HL7's codes for a value that deviates, that something was found, and that it is not
   * susceptible.
   */
  private static final Set<String> DEVIATING =
      Set.of(
          "A", "AA", "H", "H>", "HH", "HU", "HX", ">", "L", "L<", "LL", "LU", "LX", "<", "POS",
          "DET", "WR", "RR", "CAR", "UNE", "TOX", "R", "I", "MS", "NS", "SDD", "SYN-R");

  private final XMLStreamWriter writer;
  private final ContractXml xml;

  LabContract3(XMLStreamWriter writer) {
    this.writer = writer;
    this.xml = new ContractXml(writer, CORE);
  }

  /** The content of an item. */
  void write(HeldReport held) throws XMLStreamException {
    writer.writeNamespace("c", CORE);
    xml.in("laboratoryOrderOutcomeHeader", () -> header(held));
    xml.in("laboratoryOrderOutcomeBody", () -> body(held));
  }

  private void header(HeldReport held) throws XMLStreamException {
    LabReport report = held.report();
    xml.text("documentId", report.recordId());
    xml.text("sourceSystemHSAId", report.sourceSystem());
    xml.text("documentTitle", report.type() == null ? null : report.type().shown());
    xml.time("documentTime", held.time());
    xml.in(
        "patientId",
        () -> {
          xml.text("id", report.resident());
          xml.text("type", report.residentOid());
        });
    xml.in(
        "accountableHealthcareProfessional",
        () -> {
          xml.time("authorTime", held.time());
          professional(report.responsible());
          xml.text(
              "healthcareProfessionalCareUnitHSAId",
              report.careUnit() == null ? null : report.careUnit().id());
          xml.text("healthcareProfessionalCareGiverHSAId", held.dataController());
        });
    xml.text("approvedForPatient", String.valueOf(held.released()));
  }

  private void professional(@Nullable Party who) throws XMLStreamException {
    xml.text("healthcareProfessionalHSAId", who == null ? null : who.id());
    xml.text("healthcareProfessionalName", who == null ? null : who.name());
  }

  private void body(HeldReport held) throws XMLStreamException {
    LabReport report = held.report();
    Coded status = ContractXml.status(report.status());
    xml.text("resultType", status == null ? ContractXml.UNKNOWN : status.code());
    xml.time("registrationTime", held.time());
    xml.text(
        "discipline",
        report.discipline() == null ? ContractXml.UNKNOWN : report.discipline().shown());
    xml.text("resultReport", report.text());
    xml.text(
        "resultComment",
        ContractXml.lines(
            report.comment(), comments(report.groups()), ContractXml.shown(report.attachments())));
    if (report.laboratory() != null) {
      xml.in(
          "accountableHealthcareProfessional",
          () -> {
            xml.time("authorTime", held.time());
            professional(report.laboratory());
          });
    }
    int number = 0;
    for (Group group : report.groups()) {
      for (Analysis analysis : group.analyses()) {
        if (analysis.isServed()) {
          number = analysis(held, group, analysis, number);
        }
      }
    }
    xml.in(
        "order",
        () -> {
          xml.text(
              "orderId",
              report.order() == null || report.order().id() == null
                  ? report.recordId()
                  : report.order().id());
          xml.text("orderReason", report.order() == null ? null : report.order().question());
        });
  }

  /** This version has no groups, and so no place for what is remarked on them. */
  private static @Nullable String comments(List<Group> groups) {
    String comments =
        groups.stream()
            .filter(group -> group.comment() != null && group.isServed())
            .map(group ->
                group.shown() == null ? group.comment() : group.shown() + ": " + group.comment())
            .collect(Collectors.joining("\n"));
    return comments.isEmpty() ? null : comments;
  }

  /** This version has one value for each analysis: of several each gets its own. */
  private int analysis(HeldReport held, Group group, Analysis analysis, int number)
      throws XMLStreamException {
    if (analysis.findings().isEmpty()) {
      xml.in("analysis", () -> one(held, group, analysis, null, number));
      return number + 1;
    }
    int next = number;
    for (Finding finding : analysis.findings()) {
      int at = next++;
      xml.in("analysis", () -> one(held, group, analysis, finding, at));
    }
    return next;
  }

  private void one(
      HeldReport held, Group group, Analysis analysis, @Nullable Finding finding, int number)
      throws XMLStreamException {
    String id = analysis.id() == null ? held.report().recordId() : analysis.id();
    xml.identifier("analysisId", held.report().sourceSystem(), id + "-" + number);
    if (analysis.time() != null) {
      xml.in(
          "analysisTime",
          () -> {
            xml.time("start", analysis.time());
            xml.time("end", analysis.time());
          });
    }
    Coded part = finding == null ? null : finding.part();
    xml.coded("analysisCode", analysis.code());
    xml.text(
        "analysisText",
        Stream.of(group.shown(), analysis.code().shown(), part == null ? null : part.shown())
            .filter(Objects::nonNull)
            .collect(Collectors.joining(", ")));
    Coded status = ContractXml.status(analysis.status());
    xml.text("analysisStatus", status == null ? analysis.sourceStatus() : status.code());
    xml.text(
        "analysisComment",
        ContractXml.lines(analysis.comment(), finding == null ? null : finding.comment()));
    String specimens =
        analysis.specimens().stream()
            .map(Specimen::material)
            .filter(Objects::nonNull)
            .map(Coded::shown)
            .collect(Collectors.joining(", "));
    xml.text("specimen", specimens.isEmpty() ? null : specimens);
    xml.text("method", analysis.method() == null ? null : analysis.method().shown());
    if (finding != null) {
      xml.in("analysisOutcome", () -> outcome(analysis, finding));
    }
  }

  private void outcome(Analysis analysis, Finding finding) throws XMLStreamException {
    Value value = finding.value();
    Range range = value == null ? null : value.range();
    xml.text("outcomeValue", ContractXml.shown(value));
    xml.text("outcomeUnit", range == null ? null : range.unit());
    xml.time("observationTime", analysis.time());
    xml.text("pathologicalFlag", String.valueOf(isDeviating(finding.interpretations())));
    String words =
        finding.interpretations().stream().map(Coded::shown).collect(Collectors.joining(", "));
    xml.text("outcomeDescription", words.isEmpty() ? null : words);
    references(finding.references(), value);
  }

  /** Of several ranges each tells whom it holds for, since there is one population. */
  private void references(List<Range> references, @Nullable Value value) throws XMLStreamException {
    if (references.isEmpty()) {
      return;
    }
    if (references.size() == 1) {
      xml.text("referenceInterval", ContractXml.reference(references.getFirst(), value));
      xml.text("referencePopulation", references.getFirst().population());
    } else {
      xml.text(
          "referenceInterval",
          references.stream()
              .map(range -> ContractXml.referenceOfWhom(range, value))
              .collect(Collectors.joining("; ")));
    }
  }

  private static boolean isDeviating(List<Coded> interpretations) {
    return interpretations.stream()
        .anyMatch(code -> code.code() != null && DEVIATING.contains(code.code()));
  }
}
