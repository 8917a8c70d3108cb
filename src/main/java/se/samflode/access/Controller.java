package se.samflode.access;

import java.time.Duration;

/**
 * An organisation that answers for what is pushed. Immutable.
 *
 * @param id its HSA-id
 * @param name for people
 * @param retention how long a result is kept after its last change, 1 to 36,500 days
 */
public record Controller(String id, String name, Duration retention) {}
