/** Tests of the identity types. */
@NullMarked
package se.samflode.identity;

import org.jspecify.annotations.NullMarked;
