package se.samflode.federation;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.ConsumerRequest;
import se.samflode.contract.Contract;
import se.samflode.contract.RequestBody;
import se.samflode.contract.Selection;
import se.samflode.identity.PersonId;

/**
 * What is asked about whom. Immutable; prints itself redacted.
 *
 * @param contracts whose producers are asked, the preferred version first; they agree in where the
 *     index knows of content and in which address is called. A producer is asked one of them
 * @param resident the identity asked with
 * @param request what producers are asked; {@code null} for everything they have
 * @param only what the answer is limited to
 * @param asReadModel whether items are wanted as the read model has them, and pages that a producer
 *     cut are followed; else as the producer wrote them
 */
public record Wanted(
    List<Contract> contracts,
    PersonId resident,
    @Nullable RequestBody request,
    Selection only,
    boolean asReadModel) {

  /** Copies the list. */
  public Wanted {
    contracts = List.copyOf(contracts);
    if (contracts.isEmpty()) {
      throw new IllegalArgumentException("there is no contract to ask");
    }
  }

  /** Everything of a kind, as its read model has it. */
  public static Wanted readModel(List<Contract> contracts, PersonId resident) {
    return new Wanted(contracts, resident, null, Selection.EVERYTHING, true);
  }

  /** What a consumer asks of one contract, as the producers write it. */
  public static Wanted original(Contract contract, PersonId resident, ConsumerRequest request) {
    return new Wanted(List.of(contract), resident, request.body(), request.only(), false);
  }

  /** The kind of a read model, else the contract. */
  String name() {
    String kind = contracts.getFirst().kind();
    return asReadModel && kind != null ? kind : contracts.getFirst().name();
  }

  /** Where the index is looked up, the same for all contracts. */
  Contract.IndexLookup index() {
    return contracts.getFirst().index();
  }

  /** The categorizations that count; empty for all. */
  Set<String> categorizations() {
    return index().categorizations().isEmpty()
        ? only.categorizations()
        : Set.copyOf(index().categorizations());
  }

  @Override
  public String toString() {
    return "Wanted[" + name() + "]";
  }
}
