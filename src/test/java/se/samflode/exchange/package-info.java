/** Tests of what leaves and enters beside the API. */
@NullMarked
package se.samflode.exchange;

import org.jspecify.annotations.NullMarked;
