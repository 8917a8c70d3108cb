package se.samflode.readmodel;

import java.util.function.Predicate;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import se.samflode.identity.LogicalAddress;

/**
 * Reads the items of one contract, one at a time, from a stream. Keeps no state; safe for use by
 * many threads.
 *
 * <p>Elements it does not know are skipped with all they hold, in any namespace; the order of
 * elements does not matter.
 *
 * @param <T> what it reads items into
 */
public interface ItemReader<T extends ReadModelItem> {

  /**
   * Reads one item and leaves the stream at its end tag, whatever became of the item.
   *
   * @param in at the item's start tag; namespace aware, DTDs refused
   * @param isHis whether an identity, as it is written, is one of the resident asked for; that an
   *     item names another weighs more than any fault
   * @param source the logical address asked
   * @throws XMLStreamException if the XML is not well-formed
   * @throws IllegalStateException if the stream is not at a start tag
   */
  ItemResult<T> read(XMLStreamReader in, Predicate<String> isHis, LogicalAddress source)
      throws XMLStreamException;
}
