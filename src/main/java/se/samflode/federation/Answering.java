package se.samflode.federation;

import se.samflode.access.Sender;
import se.samflode.producer.Producer;

/**
 * Who answers for an address: a producer that is asked, or a sender of what is held here.
 * Immutable.
 *
 * @param id in answers, logs and metrics
 * @param name what a resident reads as the source
 */
public record Answering(String id, String name) {

  static Answering of(Producer producer) {
    return new Answering(producer.id(), producer.name());
  }

  static Answering of(Sender sender, Sender.SourceSystem system) {
    return new Answering(sender.id(), system.name());
  }
}
