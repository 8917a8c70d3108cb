package se.samflode.readmodel;

import java.util.List;
import java.util.Map;
import se.samflode.identity.LogicalAddress;

/** Reads GetCarePlans 2, whose elements stand in the namespace of logistics 3. */
final class CarePlanReader {

  private static final String CORE = "urn:riv:clinicalprocess:logistics:logistics:3";
  private static final String HEADER = "carePlanHeader";

  private static final Map<String, String> TYPE_WORDS =
      Map.of(
          "SIP", "Samordnad individuell plan",
          "SPLPTLRV", "Samordnad plan enligt LPT och LRV",
          "SPU", "Samordnad plan vid utskrivning",
          "VP", "Vårdplan",
          "HP", "Habiliteringsplan",
          "RP", "Rehabiliteringsplan",
          "GP", "Genomförandeplan",
          "SVP", "Standardiserad vårdplan");

  private CarePlanReader() {}

  static ItemReader<CarePlan> reader() {
    return new TreeReader<>(ItemLayout.summary(List.of(CORE), HEADER), CarePlanReader::plan);
  }

  /** Without a document id its kind, its title and the time of authoring tell a plan apart. */
  private static ItemResult.Read<CarePlan> plan(XmlNode item, LogicalAddress source)
      throws BrokenRule {
    Document document = Document.summary(item.child(CORE, HEADER));
    XmlNode body = item.child(CORE, "carePlanBody");
    String type = body.plain("typeOfCarePlanEnum");
    DayOrTime time = XmlNode.firstTime(document.time(), document.authored());
    CarePlan plan =
        new CarePlan(
            document.id(source, type, document.title(), document.authored().plain()),
            document.documentId(),
            document.sourceSystem(),
            document.title(),
            Code.listed(type, null, TYPE_WORDS),
            time,
            body.list("content", Attachment::of),
            body.list("participatingCareUnitHSAId", XmlNode::identifier),
            document.responsible(),
            document.signed(),
            document.careContactId(),
            source.value());
    return TreeReader.found(plan, time);
  }
}
