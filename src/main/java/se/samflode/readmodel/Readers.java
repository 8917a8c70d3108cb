package se.samflode.readmodel;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the reader of a contract's items. Stateless, thread-safe. */
public final class Readers {

  private static final Map<String, ItemReader<?>> BY_CONTRACT =
      Map.of(
          "GetSubjectOfCareSchedule 1", new BookingReader(),
          "GetLaboratoryOrderOutcome 3", LabResult3Reader.reader(),
          "GetLaboratoryOrderOutcome 4", LabResult4Reader.reader());

  private Readers() {}

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
