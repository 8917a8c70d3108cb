package se.samflode.lab;

import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message that is not taken, whole as it is. Carries no value of it, and no cause for that. */
public final class LabRejected extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private static final int MAX_ID = 200;

  private final transient List<LabFault> faults;
  private final @Nullable String messageId;

  /**
   * @param faults 1 or more
   */
  public LabRejected(List<LabFault> faults) {
    this(faults, null);
  }

  private LabRejected(List<LabFault> faults, @Nullable String messageId) {
    super("a message is rejected", null, false, false);
    this.faults = List.copyOf(faults);
    this.messageId = messageId;
  }

  /** For one reason. */
  public LabRejected(LabFault.Code code, String path, String text) {
    this(List.of(new LabFault(code, path, text)));
  }

  /**
   * The same of a message whose id is known, so that its sender finds it among its own.
   *
   * @param id as the sender wrote it; one that is not of a form that can be stored is left out
   */
  LabRejected of(@Nullable String id) {
    boolean storable =
        id != null
            && !id.isBlank()
            && id.length() <= MAX_ID
            && id.chars().noneMatch(Character::isISOControl);
    return new LabRejected(faults, storable ? id : null);
  }

  /** The sender's own id of the message; {@code null} where it is not known. */
  @Nullable String messageId() {
    return messageId;
  }

  /** Why, 1 or more. */
  public List<LabFault> faults() {
    return faults;
  }
}
