package se.samflode.access;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import se.samflode.identity.LogicalAddress;

/**
 * What a consumer may ask, and where: every one of the contracts at every one of the addresses, and
 * at all addresses below one of them in the HSA tree. {@code *} stands for all. Immutable.
 *
 * @param contracts "interaction major" or {@code *}, upper case
 * @param addresses HSA-ids or {@code *}, upper case
 */
public record Grant(Set<String> contracts, Set<String> addresses) {

  private static final String ALL = "*";

  /** Folds case. */
  public Grant {
    contracts = folded(contracts);
    addresses = folded(addresses);
  }

  /** Whether the grant covers a contract at an address, given with its parents. Ignores case. */
  boolean covers(String contract, List<LogicalAddress> addressAndItsParents) {
    return (contracts.contains(ALL) || contracts.contains(contract.toUpperCase(Locale.ROOT)))
        && Stream.concat(Stream.of(ALL), addressAndItsParents.stream().map(LogicalAddress::folded))
            .anyMatch(addresses::contains);
  }

  private static Set<String> folded(Set<String> texts) {
    return texts.stream()
        .map(text -> text.toUpperCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
