/** Tests of the value types. */
@NullMarked
package se.samflode.identity;

import org.jspecify.annotations.NullMarked;
