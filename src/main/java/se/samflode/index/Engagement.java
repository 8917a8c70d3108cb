package se.samflode.index;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One row of the index: this resident has content of this kind at this logical address. Every field
 * stands as on the wire, {@link UpdateRules} says what is accepted; a mandatory field that is
 * absent is the empty text. Immutable; prints itself redacted. Source: engagementindex 1.0,
 * EngagementType, fields in its order.
 *
 * @param resident the resident's identity, 1 to 32 characters
 * @param serviceDomain such as {@code riv:crm:scheduling}, 1 to 255 characters
 * @param categorization a code of the domain, such as {@code Booking}, 1 to 255 characters
 * @param logicalAddress HSA-id of the care unit or source system, 1 to 64 characters
 * @param businessObjectInstanceIdentifier id of the object, or {@code NA}, 1 to 128 characters
 * @param clinicalProcessInterestId id of the process, or {@code NA}, 1 to 128 characters
 * @param mostRecentContent local Swedish time as {@code yyyyMMddHHmmss}; for a booking, its start
 * @param sourceSystem HSA-id of the system that indexed, 1 to 64 characters
 * @param creationTime {@code yyyyMMddHHmmss}, set by the index
 * @param updateTime {@code yyyyMMddHHmmss}, set by the index, absent until the first change
 * @param dataController organisation that answers for the data, 1 to 64 characters
 * @param owner HSA-id of the index that owns the row
 */
public record Engagement(
    String resident,
    String serviceDomain,
    String categorization,
    String logicalAddress,
    String businessObjectInstanceIdentifier,
    String clinicalProcessInterestId,
    @Nullable String mostRecentContent,
    String sourceSystem,
    @Nullable String creationTime,
    @Nullable String updateTime,
    String dataController,
    String owner) {

  /** The names of the fields on the wire. */
  public static final Set<String> FIELDS =
      Set.of(
          "registeredResidentIdentification",
          "serviceDomain",
          "categorization",
          "logicalAddress",
          "businessObjectInstanceIdentifier",
          "clinicalProcessInterestId",
          "mostRecentContent",
          "sourceSystem",
          "creationTime",
          "updateTime",
          "dataController",
          "owner");

  /** An engagement from the texts of its fields by name; a mandatory one may be absent. */
  public static Engagement of(Map<String, String> texts) {
    return new Engagement(
        texts.getOrDefault("registeredResidentIdentification", ""),
        texts.getOrDefault("serviceDomain", ""),
        texts.getOrDefault("categorization", ""),
        texts.getOrDefault("logicalAddress", ""),
        texts.getOrDefault("businessObjectInstanceIdentifier", ""),
        texts.getOrDefault("clinicalProcessInterestId", ""),
        texts.get("mostRecentContent"),
        texts.getOrDefault("sourceSystem", ""),
        texts.get("creationTime"),
        texts.get("updateTime"),
        texts.getOrDefault("dataController", ""),
        texts.getOrDefault("owner", ""));
  }

  /** The texts of the fields that are there by name, in the contract's order: as {@link #of}. */
  public SequencedMap<String, String> texts() {
    SequencedMap<String, String> texts = LinkedHashMap.newLinkedHashMap(FIELDS.size());
    texts.put("registeredResidentIdentification", resident);
    texts.put("serviceDomain", serviceDomain);
    texts.put("categorization", categorization);
    texts.put("logicalAddress", logicalAddress);
    texts.put("businessObjectInstanceIdentifier", businessObjectInstanceIdentifier);
    texts.put("clinicalProcessInterestId", clinicalProcessInterestId);
    put(texts, "mostRecentContent", mostRecentContent);
    texts.put("sourceSystem", sourceSystem);
    put(texts, "creationTime", creationTime);
    put(texts, "updateTime", updateTime);
    texts.put("dataController", dataController);
    texts.put("owner", owner);
    return texts;
  }

  private static void put(Map<String, String> texts, String name, @Nullable String text) {
    if (text != null) {
      texts.put(name, text);
    }
  }

  /** The same engagement with another owner. */
  Engagement ownedBy(String newOwner) {
    return new Engagement(
        resident,
        serviceDomain,
        categorization,
        logicalAddress,
        businessObjectInstanceIdentifier,
        clinicalProcessInterestId,
        mostRecentContent,
        sourceSystem,
        creationTime,
        updateTime,
        dataController,
        newOwner);
  }

  @Override
  public String toString() {
    return "Engagement[redacted]";
  }
}
