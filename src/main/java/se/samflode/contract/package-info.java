/**
 * Floor 2. The contract catalogue: one descriptor per interaction and version, and SOAP as streams.
 *
 * <p>Owns what is read from {@code contracts/}, and the reading and writing of SOAP 1.1 envelopes
 * with bounded, hardened XML. May call {@code identity} and {@code config}. Must never know a
 * region, a consumer or a kind of content. Source: RIV-TA Basic Profile 2.1.
 */
@NullMarked
package se.samflode.contract;

import org.jspecify.annotations.NullMarked;
