/**
 * Floor 6. The commands of the jar: load, report, link and unlink on the index, for an operator at
 * a terminal.
 *
 * <p>Owns what is typed and printed, and no rules: the work is done by {@code index}. Promises to
 * end with 0 if all is done, 1 if not and 2 if it was called wrongly, and to print no identity. May
 * call {@code index} and {@code config}. Must never start what serves callers.
 */
@NullMarked
package se.samflode.commands;

import org.jspecify.annotations.NullMarked;
