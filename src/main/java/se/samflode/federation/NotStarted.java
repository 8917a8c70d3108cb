package se.samflode.federation;

import java.io.Serial;

/** A question that came before the producers' routes had started; it may be asked again soon. */
public final class NotStarted extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  NotStarted() {
    super("the application is starting");
  }
}
