package se.samflode.lab;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabReport.Analysis;
import se.samflode.lab.LabReport.Attachment;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Finding;
import se.samflode.lab.LabReport.Group;
import se.samflode.lab.LabReport.Order;
import se.samflode.lab.LabReport.Party;
import se.samflode.lab.LabReport.Range;
import se.samflode.lab.LabReport.Specimen;
import se.samflode.lab.LabReport.Value;

/**
 * Writes reports as items of GetLaboratoryOrderOutcome 4 (actoutcome 4.0). What mandatory elements
 * get where a report has no such thing stands in docs/labs.md. For one thread.
 */
final class LabContract4 {

  static final String NAME = "GetLaboratoryOrderOutcome 4";
  private static final String CORE = "urn:riv:clinicalprocess:healthcond:actoutcome:4";
  private static final String NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?";

  private final XMLStreamWriter writer;
  private final ContractXml xml;

  LabContract4(XMLStreamWriter writer) {
    this.writer = writer;
    this.xml = new ContractXml(writer, CORE);
  }

  /** The content of an item. */
  void write(HeldReport held) throws XMLStreamException {
    writer.writeNamespace("c", CORE);
    LabReport report = held.report();
    xml.in("header", () -> header(held));
    xml.in("body", () -> body(held, report));
  }

  private void header(HeldReport held) throws XMLStreamException {
    LabReport report = held.report();
    xml.in(
        "accessControlHeader",
        () -> {
          xml.hsaId("accountableCareGiver", held.dataController());
          xml.hsaId(
              "accountableCareUnit", report.careUnit() == null ? null : report.careUnit().id());
          xml.identifier("originalPatientId", report.residentOid(), report.resident());
          xml.time("blockComparisonTime", held.begun());
          xml.text("approvedForPatient", String.valueOf(held.released()));
        });
    xml.hsaId("sourceSystemId", report.sourceSystem());
    xml.in(
        "record",
        () -> {
          xml.identifier("id", report.sourceSystem(), report.recordId());
          xml.time("timestamp", held.time());
        });
    Party responsible = report.responsible();
    if (responsible != null) {
      xml.in("author", () -> signature(responsible, held.time()));
    }
  }

  private void body(HeldReport held, LabReport report) throws XMLStreamException {
    xml.identifier("identifier", report.sourceSystem(), report.recordId());
    Coded status = ContractXml.status(report.status());
    xml.coded("type", status == null ? Coded.words("Okänd status") : status);
    xml.text(
        "text",
        ContractXml.lines(
            report.text(), report.comment(), ContractXml.shown(report.attachments())));
    Order order =
        report.order() == null ? new Order(null, null, null, List.of(), null) : report.order();
    xml.in("referral", () -> referral(held, order));
    for (Group group : report.groups()) {
      List<Analysis> served = group.analyses().stream().filter(Analysis::isServed).toList();
      if (!served.isEmpty()) {
        xml.in("groupOfAnalyses", () -> group(held, group, served));
      }
    }
    Party recipient = report.recipient() == null ? order.requester() : report.recipient();
    xml.in("recipientUnit", () -> unit(recipient));
    Party laboratory = report.laboratory();
    if (laboratory != null && laboratory.name() != null) {
      xml.in("contactInformation", () -> xml.text("text", laboratory.name()));
    }
    for (Attachment attachment : report.attachments()) {
      xml.attachment(attachment);
    }
  }

  private void referral(HeldReport held, Order order) throws XMLStreamException {
    LabReport report = held.report();
    xml.identifier(
        "identifier", report.sourceSystem(), order.id() == null ? report.recordId() : order.id());
    xml.time("timestamp", order.time() == null ? held.begun() : order.time());
    xml.text("question", order.question());
    for (Coded service : order.services()) {
      xml.coded("requestedCareService", service);
    }
    xml.in("requester", () -> unit(order.requester()));
  }

  private void unit(@Nullable Party party) throws XMLStreamException {
    xml.hsaId("id", party == null ? null : party.id());
    xml.text("name", party == null || party.name() == null ? ContractXml.UNKNOWN : party.name());
  }

  private void group(HeldReport held, Group group, List<Analysis> analyses)
      throws XMLStreamException {
    Coded code = group.code() == null ? held.report().type() : group.code();
    String name = group.shown();
    xml.text("name", name == null && code != null ? code.shown() : name);
    xml.text("comment", group.comment());
    xml.coded("code", code == null || code.code() == null ? null : code);
    for (Analysis analysis : analyses) {
      xml.in("analysis", () -> analysis(held, analysis));
    }
  }

  private void analysis(HeldReport held, Analysis analysis) throws XMLStreamException {
    xml.identifier("identifier", held.report().sourceSystem(), analysis.id());
    xml.time("timestamp", analysis.time());
    xml.coded("code", analysis.code());
    xml.coded("method", analysis.method());
    Coded status = ContractXml.status(analysis.status());
    String own = analysis.sourceStatus();
    xml.coded("status", status == null && own != null ? new Coded(own, null, null) : status);
    xml.text("comment", analysis.comment());
    for (Specimen specimen : analysis.specimens()) {
      xml.in("specimen", () -> specimen(held, analysis, specimen));
    }
    for (Finding finding : analysis.findings()) {
      xml.in("result", () -> finding(held, analysis, finding));
    }
  }

  private void specimen(HeldReport held, Analysis analysis, Specimen specimen)
      throws XMLStreamException {
    xml.identifier("identifier", held.report().sourceSystem(), specimen.id());
    xml.coded("material", specimen.material());
    Instant taken = specimen.time() == null ? analysis.time() : specimen.time();
    xml.time("timestamp", taken == null ? held.time() : taken);
    xml.coded("anatomicalLocation", specimen.site());
    xml.text("comment", specimen.comment());
  }

  private void finding(HeldReport held, Analysis analysis, Finding finding)
      throws XMLStreamException {
    xml.coded("type", finding.part());
    xml.in("value", () -> value(finding.value()));
    xml.text("comment", finding.comment());
    for (Coded interpretation : finding.interpretations()) {
      xml.coded("interpretation", interpretation);
    }
    if (!finding.references().isEmpty()) {
      xml.in("reference", () -> references(finding.references(), finding.value()));
    }
    Party performer = analysis.performer();
    if (performer != null) {
      xml.in("performerSignature", () -> signature(performer, held.time()));
    }
  }

  private void value(@Nullable Value value) throws XMLStreamException {
    if (value == null) {
      return;
    }
    Range range = value.range();
    if (value.coded() != null) {
      xml.coded("cv", value.coded());
    } else if (range != null && range.isNumber() && isNumber(range.low())) {
      xml.in(
          "pq",
          () -> {
            xml.text("value", range.low());
            xml.text("unit", Objects.requireNonNullElse(range.unit(), ""));
          });
    } else if (range != null && isInterval(range)) {
      xml.in("intervalPQ", () -> interval(range));
    } else {
      xml.text("st", ContractXml.shown(value));
    }
    if (value.attachment() != null) {
      xml.attachment(value.attachment());
    }
  }

  private static boolean isInterval(Range range) {
    return (range.low() != null || range.high() != null)
        && (range.low() == null || isNumber(range.low()))
        && (range.high() == null || isNumber(range.high()));
  }

  private static boolean isNumber(@Nullable String digits) {
    return digits != null && digits.matches(NUMBER);
  }

  private void interval(Range range) throws XMLStreamException {
    if (range.low() != null) {
      xml.text("low", range.low());
      xml.text("lowClosed", String.valueOf(range.lowClosed()));
    }
    if (range.high() != null) {
      xml.text("high", range.high());
      xml.text("highClosed", String.valueOf(range.highClosed()));
    }
    xml.text("unit", Objects.requireNonNullElse(range.unit(), ""));
  }

  /** The contract has room for one interval: all beyond the first become words. */
  private void references(List<Range> references, @Nullable Value value) throws XMLStreamException {
    Range first = references.getFirst();
    if (isInterval(first)) {
      xml.in("interval", () -> interval(first));
    }
    String words = isInterval(first) ? first.text() : ContractXml.reference(first, value);
    for (Range other : references.subList(1, references.size())) {
      words = ContractXml.lines(words, ContractXml.referenceOfWhom(other, value));
    }
    xml.text("description", words);
    xml.text("population", first.population());
  }

  private void signature(Party who, Instant time) throws XMLStreamException {
    xml.hsaId("id", who.id());
    xml.text("name", who.name());
    xml.time("timestamp", time);
  }
}
