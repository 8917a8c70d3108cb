/**
 * The whole system, asked over real HTTP as front ends, consumers and regions do. All tests share
 * the one running system of this JVM: each picks its own residents or puts back what it changed.
 */
@NullMarked
package se.samflode.endtoend;

import org.jspecify.annotations.NullMarked;
