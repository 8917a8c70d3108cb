/**
 * Floor 6. What laboratories push over HTTP as FHIR R4, and what they can ask of it. Thin: {@link
 * se.samflode.lab} has the rules.
 */
@NullMarked
package se.samflode.api.fhir;

import org.jspecify.annotations.NullMarked;
