/**
 * Floor 3. The engagement index: who has content about a resident, and how often that changed.
 *
 * <p>Owns the tables of PostgreSQL that hold engagements and versions, and the rules of Update and
 * FindContent. Promises that what it has accepted is stored and visible when it returns. May call
 * floors 1 and 2. Must never call a producer. Source: engagementindex 1.0.
 */
@NullMarked
package se.samflode.index;

import org.jspecify.annotations.NullMarked;
