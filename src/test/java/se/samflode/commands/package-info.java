@NullMarked
package se.samflode.commands;

import org.jspecify.annotations.NullMarked;
