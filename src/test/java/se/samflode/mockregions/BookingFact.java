package se.samflode.mockregions;

import java.time.Duration;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * One booking as its booking system knows it. Immutable; prints itself without the resident.
 *
 * @param bookingId unique within its booking system only
 * @param residentId the resident's identity, as in {@link Resident#id()}
 * @param region the region's lower-case ASCII id
 * @param producer the producer's id, region and system
 * @param sourceSystem the system's HSA-id
 * @param careUnit the care unit's HSA-id
 * @param careUnitName the care unit's Swedish name
 * @param start Swedish local time, whole minutes
 * @param end Swedish local time, after {@code start}
 * @param invitation whether it is an invitation (kallelse) that is not yet confirmed
 * @param way how the visit is held
 * @param performer HSA-id of who gives care
 * @param performerName name of who gives care
 * @param purpose information from the clinic, plain text or DocBook
 * @param reason cause of the visit, plain text or DocBook
 * @param careTypeId id of the kind of care
 * @param careTypeName Swedish name of the kind of care
 */
public record BookingFact(
    String bookingId,
    String residentId,
    String region,
    String producer,
    String sourceSystem,
    String careUnit,
    String careUnitName,
    LocalDateTime start,
    LocalDateTime end,
    boolean invitation,
    Way way,
    @Nullable String performer,
    @Nullable String performerName,
    String purpose,
    @Nullable String reason,
    String careTypeId,
    String careTypeName,
    boolean cancelAllowed,
    boolean rebookingAllowed,
    boolean messageAllowed) {

  /** How a visit is held, with the texts a booking system gives for it. */
  public enum Way {
    /** At the clinic. */
    CLINIC("Besök på mottagningen", "Rum Björken"),
    /** By telephone: the clinic calls. */
    TELEPHONE("Telefontid, vi ringer på dagen", "Telefonkö ett"),
    /** By video. */
    VIDEO("Videobesök", "Videorum Älgen");

    private final String timeTypeName;
    private final String resourceName;

    Way(String timeTypeName, String resourceName) {
      this.timeTypeName = timeTypeName;
      this.resourceName = resourceName;
    }

    /** Swedish name of the kind of time. */
    public String timeTypeName() {
      return timeTypeName;
    }

    /** Swedish name of what is booked. */
    public String resourceName() {
      return resourceName;
    }
  }

  /** Another at the same care unit. */
  public BookingFact like(String id, String resident, LocalDateTime newStart) {
    return new BookingFact(
        id,
        resident,
        region,
        producer,
        sourceSystem,
        careUnit,
        careUnitName,
        newStart,
        newStart.plus(Duration.between(start, end)),
        invitation,
        way,
        performer,
        performerName,
        purpose,
        reason,
        careTypeId,
        careTypeName,
        cancelAllowed,
        rebookingAllowed,
        messageAllowed);
  }

  @Override
  public String toString() {
    return "BookingFact[" + producer + " " + bookingId + ", resident redacted]";
  }
}
