/**
 * Floor 4. What leaves and enters beside the API: notifications to subscribers of the index, pulls
 * from source systems that only offer GetUpdates, and Kafka.
 *
 * <p>Owns the tables of leases, subscribers, their positions and dead letters, of pulls and of what
 * was published. Promises that a change is delivered at least once, in order per resident and
 * subscriber, or stands in the table of dead letters; and that a sender's record is stored before
 * its receipt says so. May call floors 1 to 3. Must never hold up who changes the index. Source:
 * engagementindex 1.0.
 */
@NullMarked
package se.samflode.exchange;

import org.jspecify.annotations.NullMarked;
