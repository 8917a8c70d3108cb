/**
 * Floor 6. What the ways in share: the room that this node has for requests.
 *
 * <p>Owns how much is in flight here at the same time, who is refused when that is all there is,
 * and when the node says that it is unready. Used by {@code rest} and {@code rivta}, which know how
 * a refusal is told. Must never make anybody wait.
 */
@NullMarked
package se.samflode.api;

import org.jspecify.annotations.NullMarked;
