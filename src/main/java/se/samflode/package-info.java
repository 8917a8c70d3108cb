/**
 * Samflöde, an aggregation engine for health care: starts the application and holds nothing else.
 *
 * <p>The packages below are floors; a package uses those on lower floors only. See
 * docs/architecture.md.
 */
@NullMarked
package se.samflode;

import org.jspecify.annotations.NullMarked;
