package se.samflode.mockregions;

import java.time.LocalDateTime;
import java.util.Map;

/**
 * One record of a resident as its journal or lab system knows it. Immutable; prints itself without
 * the resident.
 *
 * @param kind what it is, such as {@code laboratory}
 * @param id unique within its system
 * @param residentId the resident's identity, as in {@link Resident#id()}
 * @param region the region's lower-case ASCII id
 * @param producer the producer's id, region and system
 * @param sourceSystem the system's HSA-id
 * @param serviceDomain where the index tells of it
 * @param categorization as what the index tells of it
 * @param time when it happened, Swedish local time
 * @param end its newest event, not before {@code time}
 * @param values all it says, by the names that the templates use
 */
public record RecordFact(
    String kind,
    String id,
    String residentId,
    String region,
    String producer,
    String sourceSystem,
    String serviceDomain,
    String categorization,
    LocalDateTime time,
    LocalDateTime end,
    Map<String, Object> values) {

  /** Copies the values. */
  public RecordFact {
    values = Map.copyOf(values);
  }

  /** Whether the patient may see it. */
  public boolean approved() {
    return !Boolean.FALSE.equals(values.get("approved"));
  }

  /** Whether it has been withdrawn. */
  public boolean nullified() {
    return values.containsKey("nullifiedReason");
  }

  @Override
  public String toString() {
    return "RecordFact[" + producer + " " + id + ", resident redacted]";
  }
}
