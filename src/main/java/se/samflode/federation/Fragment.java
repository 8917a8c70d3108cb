package se.samflode.federation;

import java.time.Instant;
import java.util.List;

/**
 * One logical address's answer to one question. Immutable.
 *
 * @param items what can be shown, in the order in which the producer wrote it
 * @param leftOut items that could not be read, 0 or more
 * @param fetchedAt when the call began: what the producer changed later need not be in it
 */
public record Fragment(List<Item> items, int leftOut, Instant fetchedAt) {

  /** Copies the list. */
  public Fragment {
    items = List.copyOf(items);
  }
}
