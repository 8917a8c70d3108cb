package se.samflode.readmodel;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/**
 * Reads GetLaboratoryOrderOutcome 4 (actoutcome 4.0). Its schema has no place for whose the answer
 * is; where a source says it all the same, that is compared.
 */
final class LabResult4Reader {

  private static final String CORE = "urn:riv:clinicalprocess:healthcond:actoutcome:4";

  /** HL7's codes for how a value deviates; meant too where a source names no system. */
  private static final String INTERPRETATIONS = "urn:oid:2.16.840.1.113883.5.83";

  private static final Set<String> DEVIATING = Set.of("A", "AA", "H", "HH", "HU", "L", "LL", "LU");

  private LabResult4Reader() {}

  static ItemReader<LabResult> reader() {
    return new TreeReader<>(ItemLayout.controlled(CORE, false), LabResult4Reader::result);
  }

  /** Without a record id the answer's own and the order's id tell it apart. */
  private static ItemResult.Read<LabResult> result(XmlNode item, LogicalAddress source)
      throws BrokenRule {
    Document document = Document.controlled(item.child(CORE, "header"));
    XmlNode body = item.child(CORE, "body");
    LabOrder order = LabOrder.referral(body.child("referral"));
    List<LabGroup> groups = body.list("groupOfAnalyses", LabResult4Reader::group);
    Code type = body.code("type");
    ResultStatus status = type == null ? null : ResultStatus.of(type.code());
    DayOrTime time = XmlNode.firstTime(document.time(), document.authored());
    LabResult result =
        new LabResult(
            document.id(source, body.identifier("identifier"), order == null ? null : order.id()),
            document.documentId(),
            document.sourceSystem(),
            null,
            type,
            status == null ? ResultStatus.ofAll(groups) : status,
            status == null ? null : type,
            time,
            document.time().plain() == null ? null : time,
            null,
            body.identifier("laboratoryIdentifier"),
            body.shown("text"),
            null,
            document.responsible(),
            null,
            document.signed(),
            order,
            groups,
            Unit.of(body.child("recipientUnit")),
            body.child("contactInformation").shown("text"),
            null,
            source.value());
    return TreeReader.found(result, time);
  }

  private static LabGroup group(XmlNode node) throws BrokenRule {
    return new LabGroup(
        node.shown("name"),
        node.code("code"),
        node.shown("comment"),
        node.list("analysis", LabResult4Reader::analysis));
  }

  private static LabAnalysis analysis(XmlNode node) throws BrokenRule {
    Code code = node.code("code");
    Code status = node.code("status");
    return new LabAnalysis(
        node.identifier("identifier"),
        code,
        code == null ? null : code.display(),
        node.time("timestamp"),
        null,
        status == null ? null : ResultStatus.of(status.code()),
        status,
        node.code("method"),
        node.shown("comment"),
        node.flag("accredited"),
        node.list("specimen", LabSpecimen::of),
        node.list("result", LabResult4Reader::finding),
        List.of(),
        null);
  }

  private static LabFinding finding(XmlNode node) throws BrokenRule {
    XmlNode value = node.child("value");
    XmlNode quantity = value.child("pq");
    String number = quantity.plain("value");
    List<Code> interpretations = node.list("interpretation", XmlNode::code);
    return new LabFinding(
        node.code("type"),
        number == null ? value.shown("st") : number,
        quantity.shown("unit"),
        LabInterval.of(value.child("intervalPQ")),
        value.code("cv"),
        null,
        flagged(interpretations),
        interpretations,
        number == null ? null : value.shown("st"),
        node.shown("comment"),
        LabReference.reference(node.child("reference")),
        node.list("related", LabResult4Reader::analysis),
        Professional.actor(node.child("performerSignature")));
  }

  /** {@code null} unless one code says that it deviates, or all that it is normal. */
  private static @Nullable Boolean flagged(List<Code> interpretations) {
    boolean deviating =
        interpretations.stream()
            .anyMatch(
                code -> known(code) && code.code() != null && DEVIATING.contains(code.code()));
    if (deviating) {
      return true;
    }
    boolean normal =
        !interpretations.isEmpty()
            && interpretations.stream().allMatch(code -> known(code) && "N".equals(code.code()));
    return normal ? false : null;
  }

  private static boolean known(Code code) {
    return code.system() == null || code.system().equals(INTERPRETATIONS);
  }
}
