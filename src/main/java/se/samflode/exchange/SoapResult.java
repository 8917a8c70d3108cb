package se.samflode.exchange;

import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import se.samflode.contract.Reason;

/**
 * How a SOAP call ended.
 *
 * @param <T> what its answer is read into
 */
sealed interface SoapResult<T> {

  /** The peer answered as the contract says. */
  record Answered<T>(T answer) implements SoapResult<T> {}

  /** There is no answer. What the peer wrote is untrusted and dropped. */
  record Failed<T>(Reason reason) implements SoapResult<T> {}

  /**
   * Reads the answer.
   *
   * @param <T> what it is read into
   */
  @FunctionalInterface
  interface Reader<T> {

    /**
     * Reads one.
     *
     * @param in at the start of the contract's response element
     * @throws XMLStreamException if the answer is not what the contract says
     */
    T read(XMLStreamReader in) throws XMLStreamException;
  }
}
