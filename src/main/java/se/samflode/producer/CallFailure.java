package se.samflode.producer;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.io.IOException;
import java.io.Serial;
import java.net.SocketTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;

/** What the exception that ends a call means. Stateless. */
final class CallFailure {

  private CallFailure() {}

  /** The HTTP status said that the producer failed; the cause is what the answer's body told. */
  static final class ByStatus extends Exception {

    @Serial private static final long serialVersionUID = 1L;

    ByStatus(SourceFailed told) {
      super(told.reason().code(), told, false, false);
    }
  }

  /** Whether the HTTP status of the answer said that the producer failed. */
  static boolean isByStatus(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ByStatus) {
        return true;
      }
    }
    return false;
  }

  /** Why a source could not be shown; {@code null} for an error of ours. */
  static @Nullable SourceFailed sourceFailed(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SourceFailed failed -> {
          return failed;
        }
        case CallNotPermittedException e -> {
          return new SourceFailed(Reason.CIRCUIT_OPEN);
        }
        case SocketTimeoutException e -> {
          return new SourceFailed(Reason.TIMEOUT);
        }
        case ZipException e -> {
          // Says that it is gzip and is not.
          return new SourceFailed(Reason.MALFORMED);
        }
        case IOException e -> {
          return new SourceFailed(Reason.REFUSED);
        }
        case CancellationException e -> {
          return new SourceFailed(Reason.REFUSED);
        }
        default -> {
          // look at what is behind it
        }
      }
    }
    return null;
  }
}
