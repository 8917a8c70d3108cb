package se.samflode.index;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import se.samflode.index.IndexFault.Code;

/**
 * What FindContent searches for: all given fields must be equal. A null field is not searched by;
 * an empty one is compared as it is and matches nothing. Immutable; prints itself redacted. Source:
 * engagementindex 1.0.
 *
 * @param resident mandatory, empty if absent
 * @param serviceDomain mandatory, empty if absent
 * @param mostRecentContent {@code yyyyMMddHHmmss}; finds those at or after it, and none without
 */
public record FindContentQuery(
    String resident,
    String serviceDomain,
    @Nullable String categorization,
    @Nullable String logicalAddress,
    @Nullable String businessObjectInstanceIdentifier,
    @Nullable String clinicalProcessInterestId,
    @Nullable String mostRecentContent,
    @Nullable String sourceSystem,
    @Nullable String dataController,
    @Nullable String owner) {

  /** Why this cannot be searched for, or empty if it can. First error wins. */
  public Optional<IndexFault> fault() {
    if (resident.isEmpty()) {
      return Optional.of(IndexFault.missing("registeredResidentIdentification"));
    }
    if (serviceDomain.isEmpty()) {
      return Optional.of(IndexFault.missing("serviceDomain"));
    }
    return ContractTime.problem(mostRecentContent).map(text -> new IndexFault(Code.NONE, text));
  }

  @Override
  public String toString() {
    return "FindContentQuery[redacted]";
  }
}
