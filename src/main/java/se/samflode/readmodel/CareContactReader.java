package se.samflode.readmodel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/**
 * Reads GetCareContacts 2 and 3 (logistics 2.0 and 3.0). They differ in their namespace, and in
 * that the newer one's codes name their code system.
 */
final class CareContactReader {

  private static final String CORE_2 = "urn:riv:clinicalprocess:logistics:logistics:2";
  private static final String CORE_3 = "urn:riv:clinicalprocess:logistics:logistics:3";
  private static final String HEADER = "careContactHeader";

  private static final Map<String, String> TYPE_WORDS =
      Map.of(
          "1", "Besök",
          "2", "Telefon",
          "3", "Vårdtillfälle",
          "4", "Dagsjukvård",
          "5", "Annan");

  private static final Map<String, String> STATUS_WORDS =
      Map.of(
          "1", "Ej påbörjad",
          "2", "Inställd",
          "3", "Pågående",
          "4", "Avbruten",
          "5", "Avslutad");

  private final String core;

  private CareContactReader(String core) {
    this.core = core;
  }

  static ItemReader<CareContact> version2() {
    return new CareContactReader(CORE_2).reader();
  }

  static ItemReader<CareContact> version3() {
    return new CareContactReader(CORE_3).reader();
  }

  private ItemReader<CareContact> reader() {
    return new TreeReader<>(ItemLayout.summary(List.of(core), HEADER), this::contact);
  }

  /** Without a document id its start and its unit tell a contact apart. */
  private ItemResult.Read<CareContact> contact(XmlNode item, LogicalAddress source)
      throws BrokenRule {
    Document document = Document.summary(item.child(core, HEADER));
    XmlNode body = item.child(core, "careContactBody");
    XmlNode period = body.child("careContactTimePeriod");
    Unit unit = Unit.of(body.child("careContactOrgUnit"));
    DayOrTime start = XmlNode.firstTime(period.child("start"));
    CareContact contact =
        new CareContact(
            document.id(source, period.plain("start"), unit == null ? null : unit.hsaId()),
            document.documentId(),
            document.sourceSystem(),
            code(body.child("careContactCode"), TYPE_WORDS),
            code(body.child("careContactStatus"), STATUS_WORDS),
            body.shown("careContactReason"),
            start,
            period.time("end"),
            unit,
            document.responsible(),
            source.value());
    DayOrTime time = start == null ? XmlNode.firstTime(document.authored()) : start;
    return TreeReader.found(contact, time);
  }

  private @Nullable Code code(XmlNode node, Map<String, String> words) throws BrokenRule {
    return core.equals(CORE_2) ? Code.listed(node.plain(), null, words) : node.code();
  }
}
