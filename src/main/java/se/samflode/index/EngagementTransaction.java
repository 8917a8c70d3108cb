package se.samflode.index;

/**
 * One change that an Update names. Immutable; prints itself redacted.
 *
 * @param delete true to take the engagement away, false to add or overwrite it
 */
public record EngagementTransaction(boolean delete, Engagement engagement) {}
