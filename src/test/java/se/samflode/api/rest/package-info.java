/** Tests of the JSON API. */
@NullMarked
package se.samflode.api.rest;

import org.jspecify.annotations.NullMarked;
