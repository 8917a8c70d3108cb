/**
 * Floor 3. The producer registry and the producers' Camel routes.
 *
 * <p>Owns who answers for which logical address, with which limits, and the one way to call them. A
 * call ends at its deadline and its permit returns only when it has really ended. May call floors 1
 * and 2. Must never read an answer's content: the reader is handed in.
 */
@NullMarked
package se.samflode.producer;

import org.jspecify.annotations.NullMarked;
