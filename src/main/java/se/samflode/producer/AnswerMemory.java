package se.samflode.producer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import se.samflode.config.ByteBudget;

/** The memory of this node that answers may take together, whoever they are from. */
@Configuration(proxyBeanMethods = false)
class AnswerMemory {

  @Bean
  ByteBudget answerBudget(ProducerSettings settings, MeterRegistry metrics) {
    long bytes = settings.nodeLimit().toBytes();
    ByteBudget budget = new ByteBudget(bytes);
    Gauge.builder("samflode.answers.size", budget, ByteBudget::used)
        .description("Answers that are being read or written")
        .baseUnit(BaseUnits.BYTES)
        .register(metrics);
    Gauge.builder("samflode.answers.limit", () -> bytes)
        .description("What they may take together")
        .baseUnit(BaseUnits.BYTES)
        .register(metrics);
    return budget;
  }
}
