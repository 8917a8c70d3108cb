package se.samflode.api.rest;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Ends a request with a problem. Without stack trace: it is an answer, not a bug. */
public final class ProblemException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final Problem problem;
  private final @Nullable String parameter;

  /** A problem that concerns no single parameter. */
  public ProblemException(Problem problem) {
    this(problem, null);
  }

  /**
   * A problem of one parameter.
   *
   * @param parameter which of the API's own parameters is meant; never a caller's text
   */
  public ProblemException(Problem problem, @Nullable String parameter) {
    super(problem.id(), null, false, false);
    this.problem = problem;
    this.parameter = parameter;
  }

  /** What to answer. */
  public Problem problem() {
    return problem;
  }

  /** Which of the API's own parameters is meant, if one is. */
  @Nullable String parameter() {
    return parameter;
  }
}
