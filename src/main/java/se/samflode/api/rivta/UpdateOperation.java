package se.samflode.api.rivta;

import java.util.List;
import org.springframework.stereotype.Component;
import se.samflode.contract.Interaction;
import se.samflode.index.EngagementTransaction;
import se.samflode.index.IndexFault;
import se.samflode.index.IndexWriter;
import se.samflode.index.UpdateRules;

/** Update 1.0: acknowledged when it is stored and visible. Source: sections b.2 to b.4. */
@Component
final class UpdateOperation implements SoapOperation {

  private static final Interaction INTERACTION =
      new Interaction("itintegration:engagementindex", "Update", 1, 0);

  private final UpdateRules rules;
  private final IndexWriter index;

  UpdateOperation(UpdateRules rules, IndexWriter index) {
    this.rules = rules;
    this.index = index;
  }

  @Override
  public Interaction interaction() {
    return INTERACTION;
  }

  @Override
  public List<String> mandatoryHeaders() {
    return List.of("x-skltp-correlation-id");
  }

  @Override
  public SoapAnswer answer(SoapRequest request) {
    List<EngagementTransaction> transactions =
        request.read(xml -> EngagementXml.transactions(xml, INTERACTION.namespace()));
    rules
        .check(request.logicalAddress(), transactions)
        .map(IndexFault::faultString)
        .ifPresent(text -> {
          throw new Refusal(text);
        });
    index.update(transactions);
    return EngagementXml.stored(INTERACTION);
  }
}
