/**
 * Floor 3. Records of what is served, and their readers from what producers send.
 *
 * <p>Owns clear English names, ISO 8601 times and texts cleaned for display. May call floors 1 and
 * 2. Must never decide who sees what. A reader keeps no state and refuses an item it cannot read.
 */
@NullMarked
package se.samflode.readmodel;

import org.jspecify.annotations.NullMarked;
