package se.samflode.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A number of places for requests of one sort. Who finds none is refused at once; nobody waits.
 * Those that work in batches may have some of the places only, so that others find one.
 * Thread-safe.
 */
public final class Room {

  /** What a refused caller is asked to wait, seconds. */
  public static final int RETRY_AFTER_SECONDS = 5;

  /** So long the room must have been full before the node says that it is unready. */
  static final Duration LONG = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(Room.class);
  private static final long NOT_FULL = Long.MIN_VALUE;

  private final String name;
  private final int places;
  private final int batchPlaces;
  private final LongSupplier clock;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger takenByBatch = new AtomicInteger();

  /**
   * Since when, by the clock, no fewer than four places of five were taken, from a full room on.
   */
  private final AtomicLong fullSince = new AtomicLong(NOT_FULL);

  private final AtomicBoolean told = new AtomicBoolean();
  private final Counter refused;
  private final Counter refusedBatch;

  /**
   * @param batchPlaces how many of the places those may have that work in batches
   * @param clock monotonic, nanoseconds
   */
  Room(String name, int places, int batchPlaces, LongSupplier clock, MeterRegistry metrics) {
    this.name = name;
    this.places = places;
    this.batchPlaces = batchPlaces;
    this.clock = clock;
    gauge("samflode.room.places", "Requests of this sort that are taken at once", places, metrics);
    gauge("samflode.room.taken", "Requests of this sort in flight", taken, metrics);
    gauge("samflode.room.taken.batch", "Those of them that are batch work", takenByBatch, metrics);
    refused = refused(false, metrics);
    refusedBatch = refused(true, metrics);
  }

  /** A place that was taken, to be given back once. */
  public final class Place implements AutoCloseable {

    private final boolean batch;

    private Place(boolean batch) {
      this.batch = batch;
    }

    @Override
    public void close() {
      if (batch) {
        takenByBatch.decrementAndGet();
      }
      if (taken.decrementAndGet() * 5L < places * 4L && fullSince.get() != NOT_FULL) {
        free();
      }
    }
  }

  /**
   * Takes a place if there is one.
   *
   * @param batch whether the caller works in batches
   * @return {@code null} if the caller is to be refused
   */
  public @Nullable Place enter(boolean batch) {
    if (batch && !take(takenByBatch, batchPlaces)) {
      refusedBatch.increment();
      return null;
    }
    if (!take(taken, places)) {
      if (batch) {
        takenByBatch.decrementAndGet();
      }
      (batch ? refusedBatch : refused).increment();
      full();
      return null;
    }
    if (taken.get() >= places) {
      full();
    }
    return new Place(batch);
  }

  private static boolean take(AtomicInteger from, int most) {
    if (from.incrementAndGet() > most) {
      from.decrementAndGet();
      return false;
    }
    return true;
  }

  private void full() {
    fullSince.compareAndSet(NOT_FULL, clock.getAsLong());
    if (isFullForLong() && told.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("event", "api.room-full")
          .addKeyValue("room", name)
          .addKeyValue("places", places)
          .log(
              "more is asked of this node than it has room for; it refuses, and says it is"
                  + " unready");
    }
  }

  private void free() {
    fullSince.set(NOT_FULL);
    if (told.compareAndSet(true, false)) {
      LOG.atInfo()
          .addKeyValue("event", "api.room-free")
          .addKeyValue("room", name)
          .log("this node has room again");
    }
  }

  /** Whether it was full and has since been nearly so for long. */
  boolean isFullForLong() {
    long since = fullSince.get();
    return since != NOT_FULL && clock.getAsLong() - since >= LONG.toNanos();
  }

  private void gauge(String gauge, String description, Number value, MeterRegistry metrics) {
    Gauge.builder(gauge, value, Number::doubleValue)
        .description(description)
        .tag("room", name)
        .strongReference(true)
        .register(metrics);
  }

  private Counter refused(boolean batch, MeterRegistry metrics) {
    return Counter.builder("samflode.room.refused")
        .description("Requests that found no place and were answered 503")
        .tag("room", name)
        .tag("batch", String.valueOf(batch))
        .register(metrics);
  }
}
