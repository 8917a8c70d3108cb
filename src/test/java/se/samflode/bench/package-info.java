/** Measures the packaged application as a whole. Run by name only, see docs/benchmarks.md. */
@NullMarked
package se.samflode.bench;

import org.jspecify.annotations.NullMarked;
