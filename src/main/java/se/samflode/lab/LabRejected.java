package se.samflode.lab;

import java.io.Serial;
import java.util.List;

/** A message that is not taken, whole as it is. Carries no value of it, and no cause for that. */
public final class LabRejected extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final transient List<LabFault> faults;

  /**
   * @param faults 1 or more
   */
  public LabRejected(List<LabFault> faults) {
    super("a message is rejected", null, false, false);
    this.faults = List.copyOf(faults);
  }

  /** For one reason. */
  public LabRejected(LabFault.Code code, String path, String text) {
    this(List.of(new LabFault(code, path, text)));
  }

  /** Why, 1 or more. */
  public List<LabFault> faults() {
    return faults;
  }
}
