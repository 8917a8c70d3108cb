/** Tests of the sources themselves: format, floors, words and files. */
@NullMarked
package se.samflode.build;

import org.jspecify.annotations.NullMarked;
