package se.samflode.api.rivta;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import se.samflode.identity.Redaction;

/** The one id under which a SOAP request stands in the log and in the faults that name it. */
final class SoapCorrelation {

  /** The header that carries the consumer's own id. */
  static final String HEADER = "x-skltp-correlation-id";

  private static final String ATTRIBUTE = SoapCorrelation.class.getName();
  private static final int MAX_LENGTH = 100;

  private SoapCorrelation() {}

  /**
   * The consumer's id without what may be an identity, at most 100 characters; else one of ours.
   */
  static String of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof String known) {
      return known;
    }
    String given = request.getHeader(HEADER);
    String id = given == null || given.isBlank() ? UUID.randomUUID().toString() : loggable(given);
    request.setAttribute(ATTRIBUTE, id);
    return id;
  }

  private static String loggable(String given) {
    // Redacted as a whole: a cut identity is not recognized.
    String redacted = Redaction.redact(given);
    return redacted.substring(0, Math.min(redacted.length(), MAX_LENGTH));
  }
}
