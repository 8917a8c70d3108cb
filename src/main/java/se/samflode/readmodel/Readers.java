package se.samflode.readmodel;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/** Finds the reader of a contract's items. Stateless, thread-safe. */
public final class Readers {

  private static final Map<String, ItemReader<?>> BY_CONTRACT =
      Map.ofEntries(
          entry("GetSubjectOfCareSchedule 1", new BookingReader()),
          entry("GetLaboratoryOrderOutcome 3", LabResult3Reader.reader()),
          entry("GetLaboratoryOrderOutcome 4", LabResult4Reader.reader()),
          entry("GetReferralOutcome 3", ReferralOutcomeReader.reader()),
          entry("GetDiagnosis 2", DiagnosisReader.reader()),
          entry("GetCareDocumentation 2", CareDocumentation2Reader.reader()),
          entry("GetCareDocumentation 3", CareDocumentation3Reader.reader()),
          entry("GetCareContacts 2", CareContactReader.version2()),
          entry("GetCareContacts 3", CareContactReader.version3()),
          entry("GetCarePlans 2", CarePlanReader.reader()),
          entry("GetRequestActivities 1", RequestStatusReader.reader()));

  private Readers() {}

  /**
   * The id that a record has as an item, whichever contract it comes by.
   *
   * @param sourceSystem the system that holds the record
   * @param recordId the source system's own id of it
   */
  public static String recordId(LogicalAddress sourceSystem, String recordId) {
    return StableId.of(List.of(sourceSystem.folded(), recordId));
  }

  /**
   * The id of the record that an item is: the same for all that a source writes of one record,
   * whatever was put behind it to tell them apart.
   */
  public static String recordOf(String itemId) {
    return itemId.length() <= StableId.LENGTH ? itemId : itemId.substring(0, StableId.LENGTH);
  }

  /**
   * The reader for a contract; empty if it has no read model.
   *
   * @param contractName with its major version, such as {@code GetLaboratoryOrderOutcome 4}
   */
  public static Optional<ItemReader<?>> of(String contractName) {
    @Nullable ItemReader<?> reader = BY_CONTRACT.get(contractName);
    return Optional.ofNullable(reader);
  }
}
