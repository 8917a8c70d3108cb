package se.samflode.access;

import java.util.List;
import java.util.Set;
import se.samflode.identity.LogicalAddress;

/**
 * A system that asks, as the file of consumers lists it. Immutable.
 *
 * @param hsaId who it is to producers
 * @param name for people
 * @param clientIds the {@code client_id} of its tokens, exact
 * @param grants what it may ask, denied unless listed
 * @param seesDenied whether it may see that a source exists which it is not granted
 * @param batch whether it works in batches, so that it is refused before those that people wait for
 */
public record Consumer(
    String hsaId,
    String name,
    Set<String> clientIds,
    List<Grant> grants,
    boolean seesDenied,
    boolean batch) {

  /** Copies what is handed in. */
  public Consumer {
    clientIds = Set.copyOf(clientIds);
    grants = List.copyOf(grants);
  }

  /**
   * Whether this consumer may ask a contract at an address: granted exactly, by {@code *}, or at a
   * parent in the HSA tree. Ignores case.
   *
   * @param contract interaction and major, such as {@code GetSubjectOfCareSchedule 1}
   * @param addressAndItsParents the address and those above it
   */
  public boolean isGranted(String contract, List<LogicalAddress> addressAndItsParents) {
    return grants.stream().anyMatch(grant -> grant.covers(contract, addressAndItsParents));
  }
}
