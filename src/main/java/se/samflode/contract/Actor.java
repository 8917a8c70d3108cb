package se.samflode.contract;

/**
 * The person header of domain crm:scheduling (interoperability headers 1.0): on whose behalf the
 * question is asked. Immutable; prints itself redacted.
 *
 * @param actorId an identity
 * @param actorType {@code subject_of_care} or {@code subject_of_care_agent}
 */
public record Actor(String actorId, String actorType) {

  /** The actor type of a resident who asks about himself. */
  public static final String SUBJECT_OF_CARE = "subject_of_care";

  @Override
  public String toString() {
    return "Actor[redacted]";
  }
}
