/**
 * Floor 6. The JSON API: parameters in, answers and problems out, no rules of its own.
 *
 * <p>Problems follow RFC 9457. May call all floors below. Must never put an identity number into a
 * URL, a problem or a log. Source: contracts/openapi/samflode-v1.yaml.
 */
@NullMarked
package se.samflode.api.rest;

import org.jspecify.annotations.NullMarked;
