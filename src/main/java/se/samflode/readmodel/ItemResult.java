package se.samflode.readmodel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of one item of a producer's answer.
 *
 * @param <T> the read model's type of the item
 */
public sealed interface ItemResult<T extends ReadModelItem> {

  /**
   * An item that can be served.
   *
   * @param sortTime its place among others; {@code null} without a time: those stand last
   */
  record Read<T extends ReadModelItem>(T item, @Nullable Instant sortTime)
      implements ItemResult<T> {}

  /**
   * An item that is withdrawn, or not approved for the resident. Professionals get it over SOAP; a
   * resident never sees it, nor that it is there. It is no fault.
   *
   * @param id that it would have; empty if that cannot be told
   */
  record Hidden<T extends ReadModelItem>(String id) implements ItemResult<T> {}

  /**
   * An item that breaks the contract so that it cannot be shown; it is left out and counted.
   *
   * @param rule what it breaks, in terms of the contract's elements; repeats no value
   * @param id that it would have; empty if that cannot be told
   */
  record Bad<T extends ReadModelItem>(String rule, String id) implements ItemResult<T> {

    /** One whose id cannot be told. */
    Bad(String rule) {
      this(rule, "");
    }
  }

  /** An item about someone else than the resident asked for: never to be served. */
  record OtherResident<T extends ReadModelItem>() implements ItemResult<T> {}
}
