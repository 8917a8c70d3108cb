/**
 * Floor 1. Configuration files outside Spring's own: YAML read strictly, and re-read on change.
 *
 * <p>Promises that a file is taken as a whole or not at all, and that its error names the file, the
 * place and what to do. May call no other package of ours. Must never hold secrets: files name
 * them, Spring's configuration has them.
 */
@NullMarked
package se.samflode.config;

import org.jspecify.annotations.NullMarked;
