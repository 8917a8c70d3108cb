/** Tests of the producer registry and of the calls to producers. */
@NullMarked
package se.samflode.producer;

import org.jspecify.annotations.NullMarked;
