/** Tests of who may ask what. */
@NullMarked
package se.samflode.access;

import org.jspecify.annotations.NullMarked;
