/**
 * Floor 5. From a question to outcomes: plan, fetch, gather.
 *
 * <p>Owns the rule that every asked address ends in exactly one outcome, the answer's deadline,
 * single flight and the order of items. May call floors 1 to 4. Must never let one producer delay
 * another, nor present a failure as an empty answer.
 */
@NullMarked
package se.samflode.federation;

import org.jspecify.annotations.NullMarked;
