package se.samflode.federation;

import org.jspecify.annotations.Nullable;

/**
 * How a caller says that he has just changed something which the index need not know of yet: with
 * the HTTP header {@code Read-Your-Writes: true}. Then every source is called, and nothing is
 * served that was fetched before. It is not {@code Cache-Control: no-cache}, which browsers send by
 * themselves with every page that is loaded anew.
 */
public final class ReadYourWrites {

  /** The header. */
  public static final String HEADER = "Read-Your-Writes";

  private ReadYourWrites() {}

  /**
   * Whether the header says so.
   *
   * @param value {@code null} if it is not there; anything but {@code true} says no
   */
  public static boolean isAskedBy(@Nullable String value) {
    return value != null && value.strip().equalsIgnoreCase("true");
  }
}
