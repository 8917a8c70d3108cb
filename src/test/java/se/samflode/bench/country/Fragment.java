package se.samflode.bench.country;

/**
 * What one address has of one kind about one resident.
 *
 * @param number its place in the country's list
 * @param resident number of whom it is about
 */
record Fragment(int number, int resident, Content content, Place place) {}
