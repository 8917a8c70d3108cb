package se.samflode.index;

import io.micrometer.core.instrument.Metrics;
import java.io.Serial;
import java.sql.SQLException;
import org.slf4j.Logger;

/**
 * The database gave no usable answer in time. Nothing has been acknowledged; the question or update
 * may be sent again. Carries neither SQL nor values, and no cause for that reason.
 */
public final class IndexUnavailable extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final String operation;
  private final String error;
  private final String sqlState;

  IndexUnavailable(String operation, Throwable root) {
    super("the engagement index does not answer");
    this.operation = operation;
    this.error = root.getClass().getSimpleName();
    // Texts of the database repeat values: the type and the state of the error are all we keep.
    this.sqlState = root instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "none";
  }

  /** Whether the role of the database may not do it. */
  public boolean isForbidden() {
    return sqlState.equals(INSUFFICIENT_PRIVILEGE);
  }

  /**
   * Whether the database refuses the content itself, so that sending it again does not help: SQL
   * state classes 22 (data) and 54 (limits).
   */
  public boolean isOfTheContent() {
    return sqlState.startsWith("22") || sqlState.startsWith("54");
  }

  /** The kind of error and its SQL state, which repeat no values. */
  public String what() {
    return error + ", SQL state " + sqlState;
  }

  /** Writes the event and counts it; the caller knows which question it belongs to. */
  public void log(Logger log, String correlationId) {
    Metrics.counter("samflode.index.unavailable", "operation", operation, "sqlState", sqlState)
        .increment();
    log.atError()
        .addKeyValue("event", "index.unavailable")
        .addKeyValue("correlationId", correlationId)
        .addKeyValue("operation", operation)
        .addKeyValue("error", error)
        .addKeyValue("sqlState", sqlState)
        .log("the database gave no usable answer");
  }
}
