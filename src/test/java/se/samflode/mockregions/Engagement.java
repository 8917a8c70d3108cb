package se.samflode.mockregions;

import java.time.LocalDateTime;

/**
 * What a booking system tells the engagement index about one booking. Immutable; prints itself
 * redacted. Source: engagementindex 1.0, EngagementType.
 *
 * @param residentId the resident's identity
 * @param categorization {@code Booking} or {@code Invitation}
 * @param logicalAddress the care unit's HSA-id
 * @param bookingId the business object
 * @param mostRecentContent the booking's start, Swedish local time
 * @param sourceSystem the booking system's HSA-id
 * @param dataController {@code SE} and the region's organisation number
 */
public record Engagement(
    String residentId,
    String categorization,
    String logicalAddress,
    String bookingId,
    LocalDateTime mostRecentContent,
    String sourceSystem,
    String dataController) {

  /** The service domain of all engagements about booked times. */
  public static final String SERVICE_DOMAIN = "riv:crm:scheduling";

  @Override
  public String toString() {
    return "Engagement[redacted, " + sourceSystem + "]";
  }
}
