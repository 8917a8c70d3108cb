/**
 * A load model of the country, its offline model, and its simulation against the engine. Run by
 * name only, see docs/benchmarks.md.
 */
@NullMarked
package se.samflode.bench.country;

import org.jspecify.annotations.NullMarked;
