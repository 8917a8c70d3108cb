package se.samflode.index;

import java.io.Serial;

/**
 * The database gave no usable answer in time. Nothing has been acknowledged; the question or update
 * may be sent again. Carries neither SQL nor values, and no cause for that reason.
 */
public final class IndexUnavailable extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  IndexUnavailable() {
    super("the engagement index does not answer");
  }
}
