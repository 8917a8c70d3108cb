package se.samflode.index;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.index.IndexFault.Code;

/**
 * What GetUpdates asks for. Immutable; prints itself redacted. Source: engagementindex 1.0.
 *
 * @param serviceDomain mandatory, empty if absent
 * @param timeStamp from when on changes are asked for, {@code yyyyMMddHHmmss}, local Swedish time;
 *     mandatory, empty if absent
 * @param lastResident the last resident of the page before, null or empty for the first page
 */
public record GetUpdatesQuery(
    String serviceDomain, String timeStamp, @Nullable String lastResident) {

  /** Why this cannot be answered, or empty if it can. First error wins. */
  public Optional<IndexFault> fault() {
    if (serviceDomain.isEmpty()) {
      return Optional.of(IndexFault.missing("serviceDomain"));
    }
    if (timeStamp.isEmpty()) {
      return Optional.of(IndexFault.missing("timeStamp"));
    }
    return ContractTime.problem(timeStamp).map(text -> new IndexFault(Code.NONE, text));
  }

  /** The first of the times that the time stamp can mean. */
  Instant since() {
    return SwedishTime.parse(timeStamp).orElseThrow().toInstant();
  }

  /** What every resident told comes after. */
  String after() {
    return lastResident == null ? "" : lastResident;
  }

  @Override
  public String toString() {
    return "GetUpdatesQuery[redacted]";
  }
}
