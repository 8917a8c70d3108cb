package se.samflode.config;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets a refused start end in one clear text instead of a stack trace. */
class CannotStartReport extends AbstractFailureAnalyzer<CannotStart> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, CannotStart cause) {
    return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.whatToDo(), cause);
  }
}
