package se.samflode.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long Awaitility waits where a test does not say it: the same for every class, in whichever
 * order they run. JUnit finds it by {@code META-INF/services}.
 */
public final class Patience implements BeforeAllCallback {

  /** Enough for a busy machine. */
  private static final Duration DEFAULT = Duration.ofSeconds(30);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(DEFAULT);
  }
}
