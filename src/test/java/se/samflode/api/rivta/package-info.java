/** Tests of the SOAP side, over real HTTP. */
@NullMarked
package se.samflode.api.rivta;

import org.jspecify.annotations.NullMarked;
