package se.samflode.api.rivta;

import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import org.springframework.stereotype.Component;
import se.samflode.contract.Interaction;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementIndex;
import se.samflode.index.FindContentQuery;

/** FindContent 1.0. */
@Component
final class FindContentOperation implements SoapOperation {

  private static final Interaction INTERACTION =
      new Interaction("itintegration:engagementindex", "FindContent", 1, 0);

  private final EngagementIndex index;

  FindContentOperation(EngagementIndex index) {
    this.index = index;
  }

  @Override
  public Interaction interaction() {
    return INTERACTION;
  }

  @Override
  public SoapAnswer answer(SoapRequest request) {
    FindContentQuery query =
        query(request.read(xml -> Children.texts(xml, INTERACTION.namespace(), Engagement.FIELDS)));
    Refusal.throwFor(query.fault());
    return write(index.find(query));
  }

  private static FindContentQuery query(Map<String, String> texts) {
    return new FindContentQuery(
        texts.getOrDefault("registeredResidentIdentification", ""),
        texts.getOrDefault("serviceDomain", ""),
        texts.get("categorization"),
        texts.get("logicalAddress"),
        texts.get("businessObjectInstanceIdentifier"),
        texts.get("clinicalProcessInterestId"),
        texts.get("mostRecentContent"),
        texts.get("sourceSystem"),
        texts.get("dataController"),
        texts.get("owner"));
  }

  private static SoapAnswer write(List<Engagement> found) {
    try {
      AnswerWriter xml = new AnswerWriter(INTERACTION).prefix("core", EngagementXml.CORE);
      EngagementXml.writeAll(xml, INTERACTION.namespace(), found);
      return xml.answer();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("an answer in memory cannot be written", e);
    }
  }
}
