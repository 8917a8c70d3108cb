/**
 * The mock regions: 21 simulated regions with their booking, journal and lab systems, residents and
 * faults, for the demo and the tests.
 *
 * <p>Owns the data generated from {@code mock-regions/}, the servers on ports 8101 to 8121 and
 * their control on 8090. Promises the same data for the same seed and start day. Listens on
 * loopback only. May call nothing of the application but {@code config}; its residents' numbers are
 * the published test series and invented reserve numbers, never others.
 */
@NullMarked
package se.samflode.mockregions;

import org.jspecify.annotations.NullMarked;
