package se.samflode.readmodel;

import java.util.List;
import java.util.Map;
import se.samflode.identity.LogicalAddress;

/** Reads GetCareDocumentation 2 (description 2.1). */
final class CareDocumentation2Reader {

  private static final String CORE = "urn:riv:clinicalprocess:healthcond:description:2";
  private static final String HEADER = "careDocumentationHeader";

  /** The code system Anteckningstyp; this version names it in its schema only. */
  private static final String NOTE_TYPES = "1.2.752.129.2.2.2.11";

  private static final Map<String, String> NOTE_TYPE_WORDS =
      Map.of(
          "utr", "Utredning",
          "atb", "Åtgärd/Behandling",
          "sam", "Sammanfattning",
          "sao", "Samordning",
          "ins", "Inskrivning",
          "slu", "Slutanteckning",
          "auf", "Anteckning utan fysiskt möte",
          "sva", "Slutenvårdsanteckning",
          "bes", "Besöksanteckning");

  private static final Map<String, String> DOCUMENT_TYPE_WORDS =
      Map.of(
          "epi", "Epikris",
          "int", "Intagningsanteckning",
          "dag", "Daganteckning",
          "ova", "Öppenvårdsanteckning",
          "ovs", "Öppenvårdssammanfattning",
          "ovr", "Övrigt dokument");

  private CareDocumentation2Reader() {}

  static ItemReader<CareDocumentation> reader() {
    return new TreeReader<>(
        ItemLayout.summary(List.of(CORE), HEADER), CareDocumentation2Reader::note);
  }

  /** Without a document id its kind, its title and the time of authoring tell a note apart. */
  private static ItemResult.Read<CareDocumentation> note(XmlNode item, LogicalAddress source)
      throws BrokenRule {
    Document document = Document.summary(item.child(CORE, HEADER));
    XmlNode note = item.child(CORE, "careDocumentationBody").child("clinicalDocumentNote");
    String title = note.shown("clinicalDocumentNoteTitle");
    String noteCode = note.plain("clinicalDocumentNoteCode");
    DayOrTime time = XmlNode.firstTime(document.time(), document.authored());
    CareDocumentation documentation =
        new CareDocumentation(
            document.id(source, noteCode, title, document.authored().plain()),
            document.documentId(),
            document.sourceSystem(),
            title == null ? document.title() : title,
            Code.listed(noteCode, NOTE_TYPES, NOTE_TYPE_WORDS),
            Code.listed(note.plain("clinicalDocumentTypeCode"), null, DOCUMENT_TYPE_WORDS),
            time,
            note.shown("clinicalDocumentNoteText"),
            note.list("multimediaEntry", Attachment::of),
            // The contract spells it so.
            note.list("dissentintOpinion", DissentingOpinion::of),
            document.responsible(),
            document.signed(),
            document.careContactId(),
            source.value());
    return TreeReader.found(documentation, time);
  }
}
