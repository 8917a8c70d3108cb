package se.samflode.federation;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header that ties a question to the caller's own traces; passed on as it came (W3C Trace
 * Context).
 */
public final class TraceParent {

  /** The header's name. */
  public static final String HEADER = "traceparent";

  private static final Pattern FORM =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private TraceParent() {}

  /**
   * Whether a header's value is there and has the form of the standard; any other is not passed on.
   */
  public static boolean isValid(@Nullable String value) {
    return value != null && FORM.matcher(value).matches();
  }
}
