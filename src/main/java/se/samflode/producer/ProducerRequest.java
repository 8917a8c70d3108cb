package se.samflode.producer;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Actor;
import se.samflode.contract.Contract;
import se.samflode.contract.RequestBody;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/**
 * One question to one producer. Immutable; prints itself redacted.
 *
 * @param contract the contract asked
 * @param request what it is asked
 * @param address the logical address called
 * @param resident the identity of the address's own index hit
 * @param actor the person header; {@code null} where the consumer sent none
 * @param page the mark of its next page; {@code null} for the first
 * @param headers HTTP headers to send, beside those of the profile
 * @param correlationId for our log; without an identity
 */
public record ProducerRequest(
    Contract contract,
    RequestBody request,
    LogicalAddress address,
    PersonId resident,
    @Nullable Actor actor,
    @Nullable String page,
    Map<String, String> headers,
    String correlationId) {

  /** Copies the headers. */
  public ProducerRequest {
    headers = Map.copyOf(headers);
  }

  @Override
  public String toString() {
    return "ProducerRequest[" + contract.name() + " at " + address + "]";
  }
}
