/**
 * Floor 1. Value types for who and where: identity numbers of residents, HSA-ids, logical
 * addresses.
 *
 * <p>Owns parsing, checksums and redaction. Promises that no type that holds an identity number can
 * print it, and that no error text repeats one. May call no other package of ours. Must never log.
 * Source: national rules for personnummer and samordningsnummer; HSA-id as used in RIV-TA.
 */
@NullMarked
package se.samflode.identity;

import org.jspecify.annotations.NullMarked;
