package se.samflode.readmodel;

import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/** Reads GetCareDocumentation 3 (description 3.0). */
final class CareDocumentation3Reader {

  private static final String CORE = "urn:riv:clinicalprocess:healthcond:description:3";

  private CareDocumentation3Reader() {}

  static ItemReader<CareDocumentation> reader() {
    return new TreeReader<>(ItemLayout.controlled(CORE, true), CareDocumentation3Reader::note);
  }

  /** Without a record id its kind, its title and the record's time tell a note apart. */
  private static ItemResult.Read<CareDocumentation> note(XmlNode item, LogicalAddress source)
      throws BrokenRule {
    Document document = Document.controlled(item.child(CORE, "header"));
    XmlNode body = item.child(CORE, "body");
    Code noteType = body.code("clinicalDocumentNoteCode");
    String title = body.shown("clinicalDocumentNoteTitle");
    DayOrTime time = XmlNode.firstTime(document.time(), document.authored());
    @Nullable String code = noteType == null ? null : noteType.code();
    CareDocumentation documentation =
        new CareDocumentation(
            document.id(source, code, title, document.time().plain()),
            document.documentId(),
            document.sourceSystem(),
            title,
            noteType,
            null,
            time,
            body.shown("clinicalDocumentNoteText"),
            body.list("multimediaEntry", Attachment::of),
            body.list("dissentingOpinion", DissentingOpinion::of),
            document.responsible(),
            document.signed(),
            null,
            source.value());
    return TreeReader.found(documentation, time);
  }
}
