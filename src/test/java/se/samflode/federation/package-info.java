/** Tests of federation's parts. */
@NullMarked
package se.samflode.federation;

import org.jspecify.annotations.NullMarked;
