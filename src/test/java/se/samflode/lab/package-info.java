@NullMarked
package se.samflode.lab;

import org.jspecify.annotations.NullMarked;
