package se.samflode.api.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.federation.TraceParent;
import se.samflode.identity.Redaction;

/**
 * What ties a question to its log lines and to the caller's own traces. A caller's own id is taken
 * over only if it is a UUID: anything else may hold an identity number.
 *
 * @param id a UUID
 * @param trace the W3C header {@code traceparent} to pass on; {@code null} if there is none
 */
record Correlation(String id, @Nullable String trace) {

  static final String HEADER = "X-Correlation-Id";

  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** The same one whenever it is asked for, of one request. */
  static Correlation of(HttpServletRequest request) {
    if (request.getAttribute(HEADER) instanceof Correlation known) {
      return known;
    }
    Correlation correlation = read(request);
    request.setAttribute(HEADER, correlation);
    return correlation;
  }

  private static Correlation read(HttpServletRequest request) {
    String given = request.getHeader(HEADER);
    String trace = request.getHeader(TraceParent.HEADER);
    return new Correlation(
        given != null && UUID_FORM.matcher(given).matches() && given.equals(Redaction.redact(given))
            ? given
            : UUID.randomUUID().toString(),
        TraceParent.isValid(trace) ? trace : null);
  }

  /** The HTTP headers that carry this to producers. */
  Map<String, String> headers() {
    return trace == null
        ? Map.of("x-skltp-correlation-id", id)
        : Map.of("x-skltp-correlation-id", id, TraceParent.HEADER, trace);
  }
}
