package se.samflode.mockregions;

import java.time.LocalDateTime;

/**
 * What a system tells the engagement index: of one booking, or of all a resident has of one kind.
 * Immutable; prints itself redacted. Source: engagementindex 1.0, EngagementType.
 *
 * @param residentId the resident's identity
 * @param serviceDomain such as {@code riv:crm:scheduling}
 * @param categorization such as {@code Booking} or {@code dia}
 * @param logicalAddress the care unit's HSA-id for bookings, else the source system's
 * @param businessObject the booking's id, else {@code NA}
 * @param mostRecentContent the booking's start, else the newest event; Swedish local time
 * @param sourceSystem the system's HSA-id
 * @param dataController {@code SE} and the region's organisation number
 */
public record Engagement(
    String residentId,
    String serviceDomain,
    String categorization,
    String logicalAddress,
    String businessObject,
    LocalDateTime mostRecentContent,
    String sourceSystem,
    String dataController) {

  @Override
  public String toString() {
    return "Engagement[redacted, " + sourceSystem + "]";
  }
}
