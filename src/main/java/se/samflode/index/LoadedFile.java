package se.samflode.index;

/**
 * What became of a file.
 *
 * @param file its name
 * @param rows taken
 * @param changed rows of this run that were new or replaced another; into an empty index, all but
 *     those of a key that a chunk has twice
 * @param refused lines that were not taken
 */
public record LoadedFile(String file, long rows, long changed, long refused) {}
