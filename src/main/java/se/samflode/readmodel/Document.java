package se.samflode.readmodel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/**
 * What the headers of the clinical contracts say about a record, whichever of the two forms they
 * have. Does not print.
 *
 * @param documentId the source system's own id of the record
 * @param sourceSystem the HSA-id of the system that holds the record
 * @param time the header's time element; without content where the header has none
 * @param authored the time of the latest authoring; without content where the header has none
 */
record Document(
    @Nullable String documentId,
    @Nullable String sourceSystem,
    @Nullable String title,
    XmlNode time,
    XmlNode authored,
    @Nullable Professional responsible,
    @Nullable Professional signed,
    @Nullable String careContactId) {

  /** Of the older form, PatientSummaryHeader. */
  static Document summary(XmlNode header) throws BrokenRule {
    XmlNode responsible = header.child("accountableHealthcareProfessional");
    String sourceSystem = header.plain("sourceSystemHSAId");
    return new Document(
        header.plain("documentId"),
        // GetCareDocumentation 2 spells it with a small i.
        sourceSystem == null ? header.plain("sourceSystemHSAid") : sourceSystem,
        header.shown("documentTitle"),
        header.child("documentTime"),
        responsible.child("authorTime"),
        Professional.of(responsible),
        Professional.authenticator(header.child("legalAuthenticator")),
        header.plain("careContactId"));
  }

  /** Of the newer form, with an accessControlHeader and a record. */
  static Document controlled(XmlNode header) throws BrokenRule {
    XmlNode control = header.child("accessControlHeader");
    XmlNode author = header.child("author");
    String careGiver = control.identifier("accountableCareGiver");
    return new Document(
        header.child("record").identifier("id"),
        header.identifier("sourceSystemId"),
        null,
        header.child("record").child("timestamp"),
        author.child("timestamp"),
        Professional.owned(
            author,
            control.identifier("accountableCareUnit"),
            careGiver == null ? control.identifier("accountableHealthcareProvider") : careGiver),
        Professional.actor(header.child("signature")),
        null);
  }

  /**
   * The item's id, from source system and record id; without a source system the address asked
   * stands for it.
   *
   * @param otherwise what tells the record apart where the source gives it no id
   * @throws BrokenRule if that is not there either
   */
  String id(LogicalAddress asked, @Nullable String... otherwise) throws BrokenRule {
    if (documentId != null) {
      return idOf(documentId, asked);
    }
    if (Stream.of(otherwise).allMatch(Objects::isNull)) {
      throw new BrokenRule("the record's id must be there");
    }
    List<String> parts = new ArrayList<>(List.of(system(asked), ""));
    Stream.of(otherwise).map(part -> Objects.requireNonNullElse(part, "")).forEach(parts::add);
    return StableId.of(parts);
  }

  /** The id of the item that another record of the same source system is. */
  String idOf(String otherDocument, LogicalAddress asked) {
    return StableId.of(List.of(system(asked), otherDocument));
  }

  private String system(LogicalAddress asked) {
    return sourceSystem == null ? asked.folded() : sourceSystem.toUpperCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "Document[redacted]";
  }
}
