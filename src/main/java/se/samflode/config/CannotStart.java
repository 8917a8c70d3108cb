package se.samflode.config;

import java.io.Serial;

/** Something around us makes a start unsafe. The message is meant for the operator. */
public final class CannotStart extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final String whatToDo;

  /**
   * @param problem what is wrong, as a sentence
   * @param whatToDo what mends it, as a sentence
   */
  public CannotStart(String problem, String whatToDo) {
    super(problem);
    this.whatToDo = whatToDo;
  }

  String whatToDo() {
    return whatToDo;
  }
}
