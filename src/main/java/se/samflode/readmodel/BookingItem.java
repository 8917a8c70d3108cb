package se.samflode.readmodel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of one item of a producer's answer. */
public sealed interface BookingItem {

  /**
   * A booking that can be served.
   *
   * @param sortTime its place among others; {@code null} without a start time: those stand last
   */
  record Read(Booking booking, @Nullable Instant sortTime) implements BookingItem {}

  /**
   * An item that breaks the contract; it is left out and counted.
   *
   * @param rule what it breaks, in terms of the contract's elements; repeats no value
   */
  record Bad(String rule) implements BookingItem {}

  /** An item about someone else than the resident asked for: never to be served. */
  record OtherResident() implements BookingItem {}
}
