package se.samflode.api;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The rooms of this node, and the health indicator {@code rooms}: out of service while that of
 * questions or that of the index has been full for some seconds. A lab that sends much is told so
 * by its 503 and takes no node away from residents. Those that ask for health and metrics need no
 * room. Thread-safe.
 */
@Component
public final class Rooms implements HealthIndicator {

  private final Room questions;
  private final Room index;
  private final Room labs;

  Rooms(RoomSettings settings, MeterRegistry metrics) {
    int batch = Math.max(1, settings.questions() * settings.batchPercent() / 100);
    questions = new Room("questions", settings.questions(), batch, System::nanoTime, metrics);
    index = new Room("index", settings.index(), settings.index(), System::nanoTime, metrics);
    labs = new Room("labs", settings.labs(), settings.labs(), System::nanoTime, metrics);
  }

  /** For messages of labs: each is held in memory as a whole. */
  public Room labs() {
    return labs;
  }

  /** For questions about residents' content, over JSON and SOAP. */
  public Room questions() {
    return questions;
  }

  /** For requests to the engagement index: a hanging region must not keep Updates out. */
  public Room index() {
    return index;
  }

  @Override
  public Health health() {
    boolean full = questions.isFullForLong() || index.isFullForLong();
    return (full ? Health.outOfService() : Health.up()).build();
  }
}
