package se.samflode.mockregions;

import org.jspecify.annotations.Nullable;

/**
 * How one call is met, or every call of a region.
 *
 * @param delayMs milliseconds before anything is answered, 0 to {@value #LONGEST_DELAY_MS}
 * @param fault how the call fails; {@code null} for a good answer
 */
public record Behaviour(long delayMs, @Nullable Fault fault) {

  /** Longest delay, milliseconds. */
  public static final long LONGEST_DELAY_MS = 600_000;

  /**
   * @throws IllegalArgumentException if the delay is out of range
   */
  public Behaviour {
    if (delayMs < 0 || delayMs > LONGEST_DELAY_MS) {
      throw new IllegalArgumentException("delayMs is a number from 0 to " + LONGEST_DELAY_MS);
    }
  }
}
