/** The demo: tokens for residents, and who they are. Test code, never part of the application. */
@NullMarked
package se.samflode.demo;

import org.jspecify.annotations.NullMarked;
