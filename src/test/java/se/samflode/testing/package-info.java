/** What tests of several packages share. */
@NullMarked
package se.samflode.testing;

import org.jspecify.annotations.NullMarked;
