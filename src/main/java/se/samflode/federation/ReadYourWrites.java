package se.samflode.federation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a caller says that he has just changed something which the index need not know of yet: with
 * the HTTP header {@code Cache-Control: no-cache} (RFC 9111, section 5.2.1.4). Then every source is
 * called, and nothing is served that was fetched before.
 */
public final class ReadYourWrites {

  /** The header. */
  public static final String HEADER = "Cache-Control";

  private ReadYourWrites() {}

  /**
   * Whether the header says so.
   *
   * @param value {@code null} if it is not there; other directives are none of ours
   */
  public static boolean isAskedBy(@Nullable String value) {
    return value != null
        && Arrays.stream(value.split(",", -1))
            .anyMatch(directive -> directive.strip().equalsIgnoreCase("no-cache"));
  }
}
