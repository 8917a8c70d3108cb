package se.samflode.federation;

import java.util.List;
import se.samflode.access.Consumer;
import se.samflode.identity.LogicalAddress;

/**
 * On whose rights a question is asked. Immutable.
 *
 * @param consumers the systems in the chain that are known; one with a grant is enough
 * @param aboutHimself whether it is the resident himself who asks
 */
public record Asker(List<Consumer> consumers, boolean aboutHimself) {

  /** Copies the list. */
  public Asker {
    consumers = List.copyOf(consumers);
  }

  boolean isGranted(String contract, List<LogicalAddress> addressAndParents) {
    return consumers.stream().anyMatch(c -> c.isGranted(contract, addressAndParents));
  }

  /** Whether a source without route or grant is shown as such, rather than only felt. */
  boolean seesDenied() {
    return aboutHimself || consumers.stream().anyMatch(Consumer::seesDenied);
  }
}
