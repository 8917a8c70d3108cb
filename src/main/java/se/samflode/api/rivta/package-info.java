/**
 * Floor 6. The SOAP endpoints, published by CXF, no rules of their own.
 *
 * <p>May call all floors below. Must never answer a caller whose TCP peer is not trusted. Source:
 * RIV-TA Basic Profile 2.1 and the contracts in contracts/rivta.
 */
@NullMarked
package se.samflode.api.rivta;

import org.jspecify.annotations.NullMarked;
