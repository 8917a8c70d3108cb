package se.samflode.contract;

/**
 * A piece of some bytes. Immutable.
 *
 * @param from its first byte, 0 or more
 * @param to the byte behind its last
 */
public record Cut(int from, int to) {}
