package se.samflode.lab;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a message, gathered while it is read. For one thread. */
final class LabFaults {

  private final List<LabFault> faults = new ArrayList<>();

  void add(LabFault.Code code, String path, String text) {
    faults.add(new LabFault(code, path, text));
  }

  void addAll(LabRejected rejected) {
    faults.addAll(rejected.faults());
  }

  /** Ends the reading if anything is wrong. */
  void throwIfAny() throws LabRejected {
    if (!faults.isEmpty()) {
      throw new LabRejected(faults);
    }
  }
}
