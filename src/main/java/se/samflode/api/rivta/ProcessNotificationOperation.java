package se.samflode.api.rivta;

import java.util.List;
import org.springframework.stereotype.Component;
import se.samflode.contract.Interaction;
import se.samflode.index.EngagementTransaction;
import se.samflode.index.IndexFault;
import se.samflode.index.IndexWriter;
import se.samflode.index.UpdateRules;

/**
 * ProcessNotification 1.0: what another index tells us. Acknowledged when it is stored and visible.
 * Source: sections b.2, b.3 and b.5.
 */
@Component
final class ProcessNotificationOperation implements SoapOperation {

  private static final Interaction INTERACTION =
      new Interaction("itintegration:engagementindex", "ProcessNotification", 1, 0);

  private final UpdateRules rules;
  private final IndexWriter index;

  ProcessNotificationOperation(UpdateRules rules, IndexWriter index) {
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
        .checkNotification(transactions)
        .map(IndexFault::faultString)
        .ifPresent(text -> {
          throw new Refusal(text);
        });
    index.receive(transactions);
    return EngagementXml.stored(INTERACTION);
  }
}
