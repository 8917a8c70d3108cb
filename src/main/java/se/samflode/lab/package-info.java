/**
 * Results that laboratories push: their formats, the rules by which a version stands, the durable
 * store, and what is told of it. See docs/labs.md.
 */
@NullMarked
package se.samflode.lab;

import org.jspecify.annotations.NullMarked;
