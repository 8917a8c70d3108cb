package se.samflode.producer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a producer stands on this node. Immutable.
 *
 * @param route the id of the route that takes new calls
 * @param inFlight calls that have not ended
 * @param limits how much it may be asked
 * @param circuit {@code closed}, {@code half-open} or {@code open}
 * @param failedPercent of the calls that the circuit breaker counts; {@code null} while they are
 *     too few to tell
 * @param slowPercent in the same way
 * @param quietUntil until when it wants no calls, by its Retry-After; {@code null} if it takes them
 * @param maintenance whether it is within a declared maintenance
 * @param nearLimits whether work that can wait had better do so
 */
public record ProducerState(
    String route,
    int inFlight,
    Producer.Limits limits,
    String circuit,
    @Nullable Integer failedPercent,
    @Nullable Integer slowPercent,
    @Nullable Instant quietUntil,
    boolean maintenance,
    boolean nearLimits) {}
