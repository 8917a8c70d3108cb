/**
 * Floor 3. Who may ask what: tokens, trusted peers, consumers and their grants.
 *
 * <p>Denies by default. May call floors 1 and 2. Must never put an identity number, a token or a
 * claim into a log, an error or a metric.
 */
@NullMarked
package se.samflode.access;

import org.jspecify.annotations.NullMarked;
