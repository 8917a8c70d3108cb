/** Tests of {@code se.samflode.api}. */
@NullMarked
package se.samflode.api;

import org.jspecify.annotations.NullMarked;
