/** What tests of several packages share: a real database. */
@NullMarked
package se.samflode.testing;

import org.jspecify.annotations.NullMarked;
