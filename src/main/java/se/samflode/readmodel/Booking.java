package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One booked time, or an invitation (kallelse) to book one, as the API serves it: what the
 * contract's timeslot has, but for the resident's number. A component that is {@code null} is
 * absent from the JSON. Texts are plain text: whoever shows them as HTML must escape them.
 * Immutable; its content does not print.
 *
 * @param id the same at every reading of the same booking; 24 characters, safe in URLs, and a
 *     hyphen and a number where a source has the same booking more than once
 * @param start in Swedish time with offset, see {@link se.samflode.contract.SwedishTime}; absent in
 *     an open invitation
 * @param end the first moment after the booked time, never before {@code start}
 * @param clinic where the visit is, or the unit that calls
 * @param bookingId the booking system's own id, unique within that system
 * @param performer who gives the care
 * @param resource what is booked, such as a room or a list
 * @param timeType kind of time
 * @param careType kind of care
 * @param purpose what the clinic tells the resident, several lines
 * @param reason why the resident seeks care, several lines
 * @param cancellable whether the resident may cancel; {@code null}: the source does not say, or has
 *     not been asked in the last minute
 * @param rebookable whether the resident may rebook; {@code null} as above
 * @param messageable whether a message may go with it; {@code null} as above
 * @param invitation whether it is an invitation that the resident has not yet confirmed
 * @param source the logical address that was asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "id",
  "start",
  "end",
  "clinic",
  "bookingId",
  "performer",
  "resource",
  "timeType",
  "careType",
  "purpose",
  "reason",
  "cancellable",
  "rebookable",
  "messageable",
  "invitation",
  "source"
})
public record Booking(
    String id,
    @Nullable OffsetDateTime start,
    @Nullable OffsetDateTime end,
    Clinic clinic,
    @Nullable String bookingId,
    @Nullable Performer performer,
    @Nullable Named resource,
    @Nullable Named timeType,
    @Nullable Named careType,
    @Nullable String purpose,
    @Nullable String reason,
    @Nullable Boolean cancellable,
    @Nullable Boolean rebookable,
    @Nullable Boolean messageable,
    boolean invitation,
    String source)
    implements ReadModelItem {

  private static final List<String> MOMENTARY = List.of("cancellable", "rebookable", "messageable");

  @Override
  public Booking withId(String other) {
    return new Booking(
        other,
        start,
        end,
        clinic,
        bookingId,
        performer,
        resource,
        timeType,
        careType,
        purpose,
        reason,
        cancellable,
        rebookable,
        messageable,
        invitation,
        source);
  }

  @Override
  public List<String> momentary() {
    return MOMENTARY;
  }

  @Override
  public String toString() {
    return "Booking[redacted]";
  }

  /**
   * A care unit.
   *
   * @param hsaId 1 to 64 characters
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({"hsaId", "name"})
  public record Clinic(String hsaId, @Nullable String name) {}

  /** A member of staff; at least one of the two is there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({"hsaId", "name"})
  public record Performer(@Nullable String hsaId, @Nullable String name) {

    @Override
    public String toString() {
      return "Performer[redacted]";
    }
  }

  /** Something the booking system has an id or a name for; at least one of the two is there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({"id", "name"})
  public record Named(@Nullable String id, @Nullable String name) {}
}
