package se.samflode.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sender is told of a message: all of it is stored, or nothing. Only the first means "we
 * have it". Immutable.
 */
public sealed interface Receipt {

  /** The sender's own id of the message; {@code null} if it has none or could not be read. */
  @Nullable String messageId();

  /**
   * It is stored, and every reader sees it.
   *
   * @param records one for each answer in it, in its order
   * @param parts as {@link Delivery.Read#parts}, indices of {@code records}
   */
  record Stored(@Nullable String messageId, List<StoredRecord> records, List<Integer> parts)
      implements Receipt {

    /** Copies the lists. */
    public Stored {
      records = List.copyOf(records);
      parts = List.copyOf(parts);
    }
  }

  /**
   * It is not stored.
   *
   * @param rejection its number in the table of rejected messages; {@code null} if it is not kept
   * @param faults why, 1 or more
   */
  record Rejected(@Nullable String messageId, @Nullable Long rejection, List<LabFault> faults)
      implements Receipt {

    /** Copies the list. */
    public Rejected {
      faults = List.copyOf(faults);
    }
  }

  /**
   * One answer that is stored.
   *
   * @param outcome what became of this version
   * @param conflict whether nothing but the order of arrival tells it from another version: the
   *     sender should send its times or a sequence
   */
  record StoredRecord(String sourceSystem, String recordId, Outcome outcome, boolean conflict) {}

  /** What became of a version. */
  enum Outcome {
    /** It stands. */
    STANDS,
    /** It is kept; a version that came before it stands. */
    SUPERSEDED,
    /** It was there already, and nothing has changed. */
    KNOWN
  }
}
