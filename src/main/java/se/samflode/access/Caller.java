package se.samflode.access;

import se.samflode.identity.PersonId;

/**
 * Who asks, as the token proves it: a resident about himself, through a consumer. A controller
 * takes it as {@code @AuthenticationPrincipal}. Immutable, prints no identity.
 *
 * @param resident the subject of the question
 * @param consumer the system behind the token's {@code client_id}
 */
public record Caller(PersonId resident, Consumer consumer) {}
