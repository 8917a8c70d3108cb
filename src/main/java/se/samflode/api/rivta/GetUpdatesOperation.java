package se.samflode.api.rivta;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import org.springframework.stereotype.Component;
import se.samflode.contract.Interaction;
import se.samflode.index.Engagement;
import se.samflode.index.GetUpdatesQuery;
import se.samflode.index.IndexUpdates;

/** GetUpdates 1.0: whose engagements have changed, page by page. */
@Component
final class GetUpdatesOperation implements SoapOperation {

  private static final Interaction INTERACTION =
      new Interaction("itintegration:engagementindex", "GetUpdates", 1, 0);
  private static final Set<String> FIELDS =
      Set.of("serviceDomain", "timeStamp", "registeredResidentLastFetched");

  private final IndexUpdates updates;

  GetUpdatesOperation(IndexUpdates updates) {
    this.updates = updates;
  }

  @Override
  public Interaction interaction() {
    return INTERACTION;
  }

  @Override
  public SoapAnswer answer(SoapRequest request) {
    Map<String, String> texts =
        request.read(xml -> Children.texts(xml, INTERACTION.namespace(), FIELDS));
    GetUpdatesQuery query =
        new GetUpdatesQuery(
            texts.getOrDefault("serviceDomain", ""),
            texts.getOrDefault("timeStamp", ""),
            texts.get("registeredResidentLastFetched"));
    Refusal.throwFor(query.fault());
    return write(updates.page(query));
  }

  private static SoapAnswer write(IndexUpdates.Page page) {
    String namespace = INTERACTION.namespace();
    try {
      AnswerWriter xml = new AnswerWriter(INTERACTION).prefix("core", EngagementXml.CORE);
      xml.text(namespace, "responseIsComplete", String.valueOf(page.complete()));
      for (Map.Entry<String, List<Engagement>> told : page.engagementsByResident().entrySet()) {
        xml.start(namespace, "registeredResidentEngagement");
        xml.text(namespace, "registeredResidentIdentification", told.getKey());
        EngagementXml.writeAll(xml, namespace, told.getValue());
        xml.end();
      }
      return xml.answer();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("an answer in memory cannot be written", e);
    }
  }
}
