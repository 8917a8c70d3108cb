package se.samflode.bench.country;

import java.time.Instant;

/** What is compared of a booking: a booking that is moved is another slot. */
record Slot(String bookingId, Instant start) {}
