/** Tests of package contract. */
@NullMarked
package se.samflode.contract;

import org.jspecify.annotations.NullMarked;
