/** Tests of the read models and their readers. */
@NullMarked
package se.samflode.readmodel;

import org.jspecify.annotations.NullMarked;
