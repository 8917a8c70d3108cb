package se.samflode.api.rest;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one writer of problems: for controllers, for the security filters and for what the container
 * refuses before either. Stateless.
 */
final class ProblemWriter {

  private static final JsonMapper JSON = JsonMapper.shared();

  private ProblemWriter() {}

  /** Writes the whole answer; nothing if an answer has already begun. */
  static void write(HttpServletResponse response, Problem problem) throws IOException {
    write(response, problem, null);
  }

  /**
   * Writes the whole answer; nothing if an answer has already begun.
   *
   * @param parameter which of the API's own parameters is meant, if one is
   */
  static void write(HttpServletResponse response, Problem problem, @Nullable String parameter)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    byte[] body = bytes(problem, parameter);
    response.resetBuffer();
    response.setStatus(problem.status().value());
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (problem.status() == HttpStatus.UNAUTHORIZED) {
      // Bare: error and error_description would tell what is wrong with the token.
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE) {
      response.setIntHeader(HttpHeaders.RETRY_AFTER, Problem.RETRY_AFTER_SECONDS);
    }
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
    response.flushBuffer();
  }

  /** The body alone. */
  static byte[] bytes(Problem problem, @Nullable String parameter) {
    return JSON.writeValueAsBytes(problem.body(parameter));
  }
}
