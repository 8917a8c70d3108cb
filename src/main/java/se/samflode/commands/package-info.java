/**
 * Floor 6. The commands of the jar on the engagement index and on what labs have pushed, for an
 * operator at a terminal.
 *
 * <p>Owns what is typed and printed, and no rules: the work is done by {@code index} and {@code
 * lab}. Promises to end with 0 if all is done, 1 if not and 2 if it was called wrongly, and to
 * print no identity, but for the answers that an export hands out. May call {@code index}, {@code
 * lab} and {@code config}. Must never start what serves callers.
 */
@NullMarked
package se.samflode.commands;

import org.jspecify.annotations.NullMarked;
