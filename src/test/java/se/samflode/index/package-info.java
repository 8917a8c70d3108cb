/** Tests of the engagement index, against a real PostgreSQL. */
@NullMarked
package se.samflode.index;

import org.jspecify.annotations.NullMarked;
