package se.samflode.api.rivta;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import se.samflode.contract.Interaction;
import se.samflode.index.EngagementTransaction;
import se.samflode.index.IndexFault;
import se.samflode.index.IndexWriter;
import se.samflode.index.UpdateRules;

/** What stores engagements: acknowledged when they are stored and visible. */
@Configuration(proxyBeanMethods = false)
class StoringOperations {

  /** Update 1.0. */
  @Bean
  SoapOperation update(UpdateRules rules, IndexWriter index) {
    return new StoringOperation(interaction("Update"), rules::check, index::update);
  }

  /** ProcessNotification 1.0: what another index tells us. */
  @Bean
  SoapOperation processNotification(UpdateRules rules, IndexWriter index) {
    return new StoringOperation(
        interaction("ProcessNotification"),
        (logicalAddress, transactions) -> rules.checkNotification(transactions),
        index::receive);
  }

  private static Interaction interaction(String operation) {
    return new Interaction("itintegration:engagementindex", operation, 1, 0);
  }

  private interface Rules {
    Optional<IndexFault> check(
        @Nullable String logicalAddress, List<EngagementTransaction> transactions);
  }

  private record StoringOperation(
      Interaction interaction, Rules rules, Consumer<List<EngagementTransaction>> store)
      implements SoapOperation {

    @Override
    public SoapAnswer answer(SoapRequest request) {
      List<EngagementTransaction> transactions =
          request.read(xml -> EngagementXml.transactions(xml, interaction.namespace()));
      Refusal.throwFor(rules.check(request.logicalAddress(), transactions));
      store.accept(transactions);
      return EngagementXml.stored(interaction);
    }
  }
}
