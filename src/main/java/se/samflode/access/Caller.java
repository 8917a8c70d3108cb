package se.samflode.access;

import java.time.LocalDate;
import se.samflode.identity.PersonId;

/**
 * Who asks, as the token proves it: a resident about himself, through a consumer. A controller
 * takes it as {@code @AuthenticationPrincipal}. Immutable, prints no identity.
 *
 * @param resident the subject of the question
 * @param bornBy the latest day on which the resident can have been born
 * @param consumer the system behind the token's {@code client_id}
 */
public record Caller(PersonId resident, LocalDate bornBy, Consumer consumer) {}
