package se.samflode.mockregions;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ways in which a mock region can fail. */
public enum Fault {
  /** No answer within a minute. */
  TIMEOUT,
  /** The connection is reset. */
  RESET,
  /** HTTP 500 with a SOAP fault whose text holds the identity asked about. */
  SOAP_FAULT,
  /** XML that breaks off in the middle. */
  MALFORMED,
  /** HTTP 200 with an empty body. */
  EMPTY,
  /** HTTP 500 without SOAP. */
  HTTP_500,
  /** HTTP 503 without SOAP, with Retry-After. */
  HTTP_503,
  /** HTTP 200 with a page of HTML. */
  NOT_SOAP,
  /** An answer that comes a byte at a time and has no end. */
  SLOW_DRIP,
  /** An answer at full speed that has no end. */
  ENDLESS,
  /** An answer that holds an item about another resident as well. */
  OTHER_RESIDENT,
  /** The port is closed. */
  DOWN;

  /** The name in files and in the control API, lower-case with hyphens. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Fault> of(String id) {
    return Arrays.stream(values()).filter(fault -> fault.id().equals(id)).findFirst();
  }

  static String ids() {
    return Arrays.stream(values()).map(Fault::id).collect(Collectors.joining(", "));
  }
}
