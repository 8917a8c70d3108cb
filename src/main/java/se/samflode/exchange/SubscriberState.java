package se.samflode.exchange;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the database knows of a subscriber. Immutable; holds nothing of a resident.
 *
 * @param address its logical address in upper case
 * @param firstSeen from when on it is told
 * @param lastDelivery when it last took something
 * @param lastFailure when a delivery last failed
 * @param lastFailureReason why
 * @param behind changes that it has not been told, those that it filters too
 * @param oldest when the oldest of those was made
 * @param deadLetters keys of which a change was given up, counted up to 10,000
 * @param seedAnewSince when something was last lost to it, so that it must be seeded anew; null if
 *     it must not
 */
record SubscriberState(
    String address,
    Instant firstSeen,
    @Nullable Instant lastDelivery,
    @Nullable Instant lastFailure,
    @Nullable String lastFailureReason,
    long behind,
    @Nullable Instant oldest,
    long deadLetters,
    @Nullable Instant seedAnewSince) {}
