package se.samflode.lab;

import java.util.Set;

/** Reads messages of some formats. Thread-safe. */
public interface ResultFormat {

  /** The formats that it reads. */
  Set<Delivery.Format> formats();

  /**
   * Reads a message as a whole.
   *
   * @throws LabRejected if any part of it cannot be taken
   */
  Delivery.Read read(Delivery delivery) throws LabRejected;
}
