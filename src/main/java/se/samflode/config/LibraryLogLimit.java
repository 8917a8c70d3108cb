package se.samflode.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Keeps the libraries from logging what passes through them. Below INFO they write bodies, headers,
 * URLs and SQL parameters, and all of those can hold an identity number. So they may not, whatever
 * levels are configured: nobody who looks for a fault at night should have to know this.
 */
final class LibraryLogLimit
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  @Override
  public int getOrder() {
    // Setting up logging removes all filters.
    return LoggingApplicationListener.DEFAULT_ORDER + 1;
  }

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    LoggerContext logs = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (logs.getTurboFilterList().stream().noneMatch(Limit.class::isInstance)) {
      logs.addTurboFilter(new Limit());
      logs.addListener(new Again());
    }
  }

  /** A logging file that is read anew while we run removes all filters too. */
  private static final class Again implements LoggerContextListener {

    @Override
    public boolean isResetResistant() {
      return true;
    }

    @Override
    public void onReset(LoggerContext logs) {
      logs.addTurboFilter(new Limit());
    }

    @Override
    public void onStart(LoggerContext logs) {}

    @Override
    public void onStop(LoggerContext logs) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}
  }

  /** The lowest level that a logger may write at. */
  static Level lowest(String logger) {
    if (logger.startsWith("se.samflode")) {
      return Level.TRACE;
    }
    // These write a caller's URL, at any level.
    if (logger.equals("org.springframework.web.servlet.PageNotFound")
        || logger.startsWith("org.apache.coyote.http11.Http11")) {
      return Level.OFF;
    }
    // Its warnings repeat what callers send; failures are told by our own events.
    return logger.startsWith("org.apache.cxf") ? Level.ERROR : Level.INFO;
  }

  private static final class Limit extends TurboFilter {

    @Override
    public FilterReply decide(
        @Nullable Marker marker,
        Logger logger,
        Level level,
        @Nullable String format,
        Object @Nullable [] params,
        @Nullable Throwable t) {
      // Libraries ask hundreds of times for a question whether they may say what nobody asked for.
      return level.levelInt < logger.getEffectiveLevel().levelInt
              || level.isGreaterOrEqual(lowest(logger.getName()))
          ? FilterReply.NEUTRAL
          : FilterReply.DENY;
    }
  }
}
