package se.samflode.index;

import java.io.Serial;

/**
 * A command cannot do what it was asked. What it has committed so far stays. The message is for the
 * operator: what is wrong and what to do; it tells no value of a file.
 */
public final class CommandRefused extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  CommandRefused(String message) {
    super(message);
  }
}
