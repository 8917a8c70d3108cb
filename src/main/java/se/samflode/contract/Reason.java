package se.samflode.contract;

import java.util.Locale;

/**
 * Why a source could not be shown. The one documented list: the code stands in JSON answers, in the
 * status header's text, in metrics and in log events. Codes are never reused.
 */
public enum Reason {
  /** No complete answer within the call's or the answer's deadline. */
  TIMEOUT("the source gave no answer in time"),
  /** The connection was refused, reset or closed before the answer was complete. */
  REFUSED("the connection to the source was refused or reset"),
  /** The source answered with a SOAP fault or a result code ERROR. */
  FAULT("the source answered that it failed"),
  /** The source answered with an HTTP status that is neither a success nor a SOAP fault. */
  HTTP_ERROR("the source answered with an HTTP error"),
  /** The answer is not a well-formed SOAP envelope. */
  MALFORMED("the answer of the source could not be read"),
  /** The answer passes the byte limit of one fragment. */
  TOO_LARGE("the answer of the source is too large"),
  /** The answer belongs to another contract than was asked. */
  WRONG_CONTRACT("the source answered another question than was asked"),
  /** The answer holds content about another resident; nothing of it is shown. */
  WRONG_RESIDENT("the source answered about somebody else; nothing of it is shown"),
  /** The producer's limits or our own budget allow no more calls now. */
  LIMITED("the source is asked as much as it allows"),
  /** The producer has failed so often that it is left alone for a while. */
  CIRCUIT_OPEN("the source has failed often and is left alone for a while"),
  /** The producer has declared maintenance. */
  MAINTENANCE("the source is closed for maintenance"),
  /** The index changed during the call and a second call does not fit the deadline. */
  CHANGED("the content changed while it was fetched"),
  /** An error of ours, which says nothing of the producer. */
  INTERNAL("an error of ours kept the source from being read"),
  /** No producer is registered for the address. */
  NO_ROUTE("no producer is registered for the source"),
  /** The consumer has no grant for the address. */
  NOT_GRANTED("the consumer has no grant for the source");

  private final String text;

  Reason(String text) {
    this.text = text;
  }

  /** The code as callers see it, such as {@code too-large}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** One clause in English that holds nothing of what the source said. */
  public String text() {
    return text;
  }
}
