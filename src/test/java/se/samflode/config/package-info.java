/** Tests of configuration files. */
@NullMarked
package se.samflode.config;

import org.jspecify.annotations.NullMarked;
