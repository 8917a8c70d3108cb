/** The index under kills, stops and hostile requests: nothing acknowledged is lost. */
@NullMarked
package se.samflode.faults;

import org.jspecify.annotations.NullMarked;
