package se.samflode.readmodel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/** Reads GetReferralOutcome 3 (actoutcome 3.1). */
final class ReferralOutcomeReader {

  private static final String CORE = "urn:riv:clinicalprocess:healthcond:actoutcome:3";
  private static final String EXTENSION = "urn:riv:clinicalprocess:healthcond:actoutcome:3.1";
  private static final String HEADER = "referralOutcomeHeader";

  private ReferralOutcomeReader() {}

  static ItemReader<ReferralOutcome> reader() {
    return new TreeReader<>(
        ItemLayout.summary(List.of(CORE, EXTENSION), HEADER), ReferralOutcomeReader::outcome);
  }

  /** Without a document id the referral and the time of authoring tell an answer apart. */
  private static ItemResult.Read<ReferralOutcome> outcome(XmlNode item, LogicalAddress source)
      throws BrokenRule {
    Document document = Document.summary(item.child(CORE, HEADER));
    XmlNode body = item.child(CORE, "referralOutcomeBody");
    Referral referral = Referral.of(body.child("referral"));
    String title = body.shown("referralOutcomeTitle");
    String typeCode = body.plain("referralOutcomeTypeCode");
    DayOrTime time = XmlNode.firstTime(document.time(), document.authored());
    ReferralOutcome outcome =
        new ReferralOutcome(
            document.id(
                source, referral == null ? null : referral.id(), document.authored().plain()),
            document.documentId(),
            document.sourceSystem(),
            title == null ? document.title() : title,
            status(typeCode),
            Code.of(typeCode, null, null),
            time,
            body.shown("referralOutcomeText"),
            body.list("clinicalInformation", ClinicalFinding::of),
            body.list("act", CareAct::of),
            referral,
            document.responsible(),
            document.signed(),
            Professional.attester(body.child(EXTENSION, "attested")),
            document.careContactId(),
            source.value());
    return TreeReader.found(outcome, time);
  }

  private static @Nullable ResultStatus status(@Nullable String typeCode) {
    return switch (typeCode) {
      case "SS" -> ResultStatus.FINAL;
      case "SR" -> ResultStatus.PRELIMINARY;
      case null, default -> null;
    };
  }
}
