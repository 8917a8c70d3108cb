package se.samflode.readmodel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/** Reads GetLaboratoryOrderOutcome 3 (actoutcome 3.1). */
final class LabResult3Reader {

  private static final String CORE = "urn:riv:clinicalprocess:healthcond:actoutcome:3";
  private static final String EXTENSION = "urn:riv:clinicalprocess:healthcond:actoutcome:3.1";
  private static final String HEADER = "laboratoryOrderOutcomeHeader";

  private LabResult3Reader() {}

  static ItemReader<LabResult> reader() {
    return new TreeReader<>(
        ItemLayout.summary(List.of(CORE, EXTENSION), HEADER), LabResult3Reader::result);
  }

  /** Without a document id the order and the time of registration tell an answer apart. */
  private static ItemResult.Read<LabResult> result(XmlNode item, LogicalAddress source)
      throws BrokenRule {
    Document document = Document.summary(item.child(CORE, HEADER));
    XmlNode body = item.child(CORE, "laboratoryOrderOutcomeBody");
    LabOrder order = LabOrder.order(body.child("order"));
    DayOrTime time =
        XmlNode.firstTime(document.time(), body.child("registrationTime"), document.authored());
    String resultType = body.plain("resultType");
    LabResult result =
        new LabResult(
            document.id(source, order == null ? null : order.id(), body.plain("registrationTime")),
            document.documentId(),
            document.sourceSystem(),
            document.title(),
            null,
            ResultStatus.of(resultType),
            Code.of(resultType, null, null),
            time,
            body.time("registrationTime"),
            body.shown("discipline"),
            null,
            body.shown("resultReport"),
            body.shown("resultComment"),
            document.responsible(),
            Professional.of(body.child("accountableHealthcareProfessional")),
            document.signed(),
            order,
            groups(body),
            null,
            null,
            document.careContactId(),
            source.value());
    return TreeReader.found(result, time);
  }

  private static List<LabGroup> groups(XmlNode body) throws BrokenRule {
    List<LabAnalysis> analyses = body.list("analysis", LabResult3Reader::analysis);
    return analyses.isEmpty() ? List.of() : List.of(new LabGroup(null, null, null, analyses));
  }

  private static LabAnalysis analysis(XmlNode node) throws BrokenRule {
    Code code = node.code("analysisCode");
    String name = node.shown("analysisText");
    String status = node.plain("analysisStatus");
    return new LabAnalysis(
        node.identifier("analysisId"),
        code,
        name == null && code != null ? code.display() : name,
        node.child("analysisTime").time("start"),
        node.child("analysisTime").time("end"),
        ResultStatus.of(status),
        Code.of(status, null, null),
        Code.of(null, null, node.shown("method")),
        node.shown("analysisComment"),
        null,
        specimens(node.shown("specimen")),
        node.list("analysisOutcome", LabResult3Reader::finding),
        node.list("relationToAnalysis", relation -> relation.identifier("analysisId")),
        Professional.attester(node.child(EXTENSION, "attested")));
  }

  private static List<LabSpecimen> specimens(@Nullable String material) {
    return material == null
        ? List.of()
        : List.of(new LabSpecimen(null, Code.of(null, null, material), null, null, null));
  }

  private static LabFinding finding(XmlNode outcome) throws BrokenRule {
    return new LabFinding(
        null,
        outcome.shown("outcomeValue"),
        outcome.shown("outcomeUnit"),
        null,
        null,
        outcome.time("observationTime"),
        outcome.flag("pathologicalFlag"),
        List.of(),
        outcome.shown("outcomeDescription"),
        null,
        LabReference.outcome(outcome),
        List.of(),
        null);
  }
}
