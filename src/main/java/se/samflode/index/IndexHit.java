package se.samflode.index;

import java.time.Duration;
import java.util.Set;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/**
 * An address to ask about a resident. Immutable.
 *
 * @param person the identity under which that address has content
 * @param address the address to call, in one of the spellings it is indexed with
 * @param logicalAddresses the logical addresses under which the content is indexed: care units, or
 *     the source system itself
 * @param version changes with every accepted update that names this domain and address and any
 *     identity of the person, and with the identities that he has; 1 or more, or {@link #UNINDEXED}
 * @param sinceChange how long ago the version was raised last, by the database's clock; 0 or more
 */
public record IndexHit(
    PersonId person,
    LogicalAddress address,
    Set<LogicalAddress> logicalAddresses,
    long version,
    Duration sinceChange) {

  /** The version where the index names nothing and content is held all the same. */
  public static final long UNINDEXED = 0;

  /** Copies the set. */
  public IndexHit {
    logicalAddresses = Set.copyOf(logicalAddresses);
  }
}
