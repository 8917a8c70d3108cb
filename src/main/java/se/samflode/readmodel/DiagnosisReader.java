package se.samflode.readmodel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/** Reads GetDiagnosis 2 (description 2.1). */
final class DiagnosisReader {

  private static final String CORE = "urn:riv:clinicalprocess:healthcond:description:2";
  private static final String HEADER = "diagnosisHeader";

  private DiagnosisReader() {}

  static ItemReader<Diagnosis> reader() {
    return new TreeReader<>(ItemLayout.summary(List.of(CORE), HEADER), DiagnosisReader::diagnosis);
  }

  /** Without a document id its code and its times tell a diagnosis apart. */
  private static ItemResult.Read<Diagnosis> diagnosis(XmlNode item, LogicalAddress source)
      throws BrokenRule {
    Document document = Document.summary(item.child(CORE, HEADER));
    XmlNode body = item.child(CORE, "diagnosisBody");
    Code code = body.code("diagnosisCode");
    DayOrTime time =
        XmlNode.firstTime(body.child("diagnosisTime"), document.time(), document.authored());
    @Nullable String own = code == null ? null : code.code() == null ? code.display() : code.code();
    Diagnosis diagnosis =
        new Diagnosis(
            document.id(source, own, body.plain("diagnosisTime"), document.authored().plain()),
            document.documentId(),
            document.sourceSystem(),
            document.title(),
            DiagnosisType.of(body.plain("typeOfDiagnosis")),
            code,
            body.flag("chronicDiagnosis"),
            time,
            body.list("relatedDiagnosis", related -> related(related, document, source)),
            document.responsible(),
            document.signed(),
            document.careContactId(),
            source.value());
    return TreeReader.found(diagnosis, time);
  }

  private static @Nullable String related(XmlNode node, Document document, LogicalAddress source)
      throws BrokenRule {
    String documentId = node.plain("documentId");
    return documentId == null ? null : document.idOf(documentId, source);
  }
}
