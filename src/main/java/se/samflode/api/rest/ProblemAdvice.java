package se.samflode.api.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import se.samflode.federation.NotStarted;
import se.samflode.index.IndexUnavailable;

/**
 * Whatever ends a controller becomes a problem. Texts of exceptions go nowhere, neither to the
 * caller nor to the log: those of parsers and drivers repeat what they met.
 */
@RestControllerAdvice
class ProblemAdvice {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final int FRAMES = 20;

  @ExceptionHandler
  void answer(ProblemException e, HttpServletResponse response) throws IOException {
    ProblemWriter.write(response, e.problem(), e.parameter());
  }

  @ExceptionHandler
  void answerWithoutIndex(
      IndexUnavailable e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    e.log(LOG, Correlation.of(request).id());
    ProblemWriter.write(response, Problem.INDEX_UNAVAILABLE);
  }

  @ExceptionHandler(NotStarted.class)
  void answerTooEarly(HttpServletResponse response) throws IOException {
    ProblemWriter.write(response, Problem.NOT_STARTED);
  }

  @ExceptionHandler({TypeMismatchException.class, HttpMessageNotReadableException.class})
  void answerUnreadable(HttpServletResponse response) throws IOException {
    ProblemWriter.write(response, Problem.INVALID_PARAMETER);
  }

  /** A query that is not encoded as it should. */
  @ExceptionHandler(InvalidParameterException.class)
  void answerUndecodable(HttpServletResponse response) throws IOException {
    ProblemWriter.write(response, Problem.BAD_REQUEST);
  }

  @ExceptionHandler
  void ignoreACallerWhoHasLeft(AsyncRequestNotUsableException e, HttpServletResponse response) {}

  @ExceptionHandler
  void answerAnythingElse(Throwable e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (e instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
      known.getHeaders().getAllow().stream()
          .map(Object::toString)
          .reduce((a, b) -> a + ", " + b)
          .ifPresent(allow -> response.setHeader(HttpHeaders.ALLOW, allow));
      ProblemWriter.write(response, Problem.of(known.getStatusCode().value()));
      return;
    }
    LOG.atError()
        .addKeyValue("event", "api.failed")
        .addKeyValue("correlationId", Correlation.of(request).id())
        .addKeyValue("exception", e.getClass().getName())
        .addKeyValue("at", frames(e))
        .log("a request ended with an error of ours");
    ProblemWriter.write(response, Problem.INTERNAL);
  }

  private static String frames(Throwable e) {
    return Arrays.stream(e.getStackTrace())
        .limit(FRAMES)
        .map(StackTraceElement::toString)
        .collect(Collectors.joining(" < "));
  }
}
