package se.samflode.config;

import java.io.Serial;

/**
 * A configuration file that cannot be used. The message names the file, the place in it and what to
 * do, and is meant for the operator.
 */
public final class InvalidFile extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /**
   * @param file the file's name as configured
   * @param problem what is wrong and what to do, without a final stop
   */
  public InvalidFile(String file, String problem) {
    super(file + ": " + problem);
  }
}
