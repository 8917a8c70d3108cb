package se.samflode.config;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets a start that fails on a file end in one clear text instead of a stack trace. */
class InvalidFileReport extends AbstractFailureAnalyzer<InvalidFile> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidFile cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()), "Correct the file and start again.", cause);
  }
}
