package se.samflode.api.rest;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import se.samflode.api.Room;

/**
 * Every problem the JSON API answers with (RFC 9457). The names are a contract: one is never reused
 * for something else. No text repeats what the caller sent. Source:
 * contracts/openapi/samflode-v1.yaml.
 */
public enum Problem {
  /** No valid token, or one of a client that is not listed. */
  UNAUTHORIZED(
      HttpStatus.UNAUTHORIZED,
      "The request carries no valid token",
      "Send a bearer token from the configured issuer, for this audience, that has not expired,"
          + " of a client that is listed as a consumer."),
  /** The token names no resident, two, or an identity that breaks the rules. */
  INVALID_IDENTITY(
      HttpStatus.UNAUTHORIZED,
      "The token names no valid identity",
      "The token must carry exactly one of the claims personalIdentityNumber and"
          + " coordinationNumber, with a valid number of that kind."),
  /** The token lacks the scope. */
  FORBIDDEN(
      HttpStatus.FORBIDDEN,
      "The token lacks a scope",
      "Ask the issuer for a token with the scope of what is asked, such as bookings.read."),
  /** The resident is too young for what is asked. */
  TOO_YOUNG(
      HttpStatus.FORBIDDEN,
      "The resident is too young for this",
      "Nothing of the medical record of children is told yet; do not ask for it."),
  /** A web page of an origin that is not configured asks. */
  ORIGIN_NOT_ALLOWED(
      HttpStatus.FORBIDDEN,
      "The web page's origin is not allowed",
      "Have the page's origin added to the allowed origins, or ask from a server."),
  /** A parameter's value, the header Prefer or a body cannot be read. */
  INVALID_PARAMETER(
      HttpStatus.BAD_REQUEST,
      "A parameter is not valid",
      "Correct the parameter named here; its form stands in the API description."),
  /** A parameter that the API does not have, or one given twice. */
  UNKNOWN_PARAMETER(
      HttpStatus.BAD_REQUEST,
      "A parameter is unknown or given twice",
      "Use each of the parameters of the API description at most once, and no others."),
  /** from is after to. */
  INVALID_RANGE(
      HttpStatus.BAD_REQUEST, "from is after to", "Let from be before to, or equal to it."),
  /** A cursor that does not have the form of ours. */
  INVALID_CURSOR(
      HttpStatus.BAD_REQUEST,
      "The cursor is not valid",
      "Begin again without cursor, with the same parameters, and pass on next as it comes."),
  /** The request is no HTTP that can be answered. */
  BAD_REQUEST(
      HttpStatus.BAD_REQUEST,
      "The request cannot be read",
      "Correct the request line, the headers or the form of the body."),
  /** Nothing is served here. */
  NOT_FOUND(HttpStatus.NOT_FOUND, "There is nothing here", "Use a path of the API description."),
  /** The method is not served here. */
  METHOD_NOT_ALLOWED(
      HttpStatus.METHOD_NOT_ALLOWED,
      "The method is not allowed here",
      "Use a method of the API description."),
  /** The caller takes no media type that is served. */
  NOT_ACCEPTABLE(
      HttpStatus.NOT_ACCEPTABLE,
      "No such media type is served",
      "Send Accept: application/json, or no Accept."),
  /** An error of ours. */
  INTERNAL(
      HttpStatus.INTERNAL_SERVER_ERROR,
      "An error of ours",
      "Report the time and the correlation id of the answer."),
  /** The engagement index cannot be read, so no honest answer can be given. */
  INDEX_UNAVAILABLE(
      HttpStatus.SERVICE_UNAVAILABLE,
      "The engagement index cannot be read",
      "Ask again after the seconds in Retry-After."),
  /** The issuer's keys cannot be fetched, so no token can be checked. */
  KEYS_UNAVAILABLE(
      HttpStatus.SERVICE_UNAVAILABLE,
      "The issuer's keys cannot be fetched",
      "Ask again after the seconds in Retry-After; the token may well be valid."),
  /** The producers' routes have not started. */
  NOT_STARTED(
      HttpStatus.SERVICE_UNAVAILABLE,
      "The application is starting",
      "Ask again after the seconds in Retry-After."),
  /** Too many questions at once. */
  OVERLOADED(
      HttpStatus.SERVICE_UNAVAILABLE,
      "Too many questions at once",
      "Ask again after the seconds in Retry-After.");

  /** What a caller is asked to wait where waiting helps, seconds. */
  static final int RETRY_AFTER_SECONDS = Room.RETRY_AFTER_SECONDS;

  private final HttpStatus status;
  private final String title;
  private final String whatToDo;

  Problem(HttpStatus status, String title, String whatToDo) {
    this.status = status;
    this.title = title;
    this.whatToDo = whatToDo;
  }

  /** The name in the API description: the last part of {@link #type}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The {@code type} of the problem's body. */
  public String type() {
    return "urn:samflode:problem:" + id();
  }

  /** The HTTP status. */
  public HttpStatus status() {
    return status;
  }

  /**
   * The problem's body.
   *
   * @param parameter which of the API's own parameters is meant, if one is; never a caller's text
   */
  Map<String, Object> body(@Nullable String parameter) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", type());
    body.put("title", title);
    body.put("status", status.value());
    body.put("detail", whatToDo);
    if (parameter != null) {
      body.put("parameter", parameter);
    }
    return body;
  }

  /** The problem for an HTTP status that some library chose. */
  static Problem of(int status) {
    return switch (status) {
      case 401 -> UNAUTHORIZED;
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 405 -> METHOD_NOT_ALLOWED;
      case 406 -> NOT_ACCEPTABLE;
      case 503 -> OVERLOADED;
      default -> status >= 400 && status < 500 ? BAD_REQUEST : INTERNAL;
    };
  }
}
