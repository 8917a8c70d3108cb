package se.samflode.api.rivta;

import java.util.List;
import se.samflode.api.Room;
import se.samflode.api.Rooms;
import se.samflode.contract.Interaction;

/**
 * What stands behind one SOAP endpoint. A bean of this type is published by itself. Called by many
 * threads at once; the caller's peer is trusted, the mandatory headers are there and the body is
 * the contract's request when {@link #answer} is called.
 */
interface SoapOperation {

  /** What is published. */
  Interaction interaction();

  /** Where its requests need a place. */
  default Room room(Rooms rooms) {
    return rooms.index();
  }

  /** The largest request that is read, whole kB in bytes. */
  default int largestRequest() {
    return HardenedReader.MAX_BYTES;
  }

  /** HTTP headers a request must have, in the order in which a fault names them. */
  default List<String> mandatoryHeaders() {
    return List.of(SoapCorrelation.HEADER);
  }

  /**
   * Answers one request. Changes nothing before {@link SoapRequest#read} has returned: only then is
   * the whole request known to be well-formed.
   *
   * @throws Refusal for a SOAP fault with a text for the caller; any other exception becomes a
   *     fault that tells nothing but a correlation id
   */
  SoapAnswer answer(SoapRequest request);
}
