package se.samflode.readmodel;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.identity.LogicalAddress;

/** The step from a timeslot's trimmed element texts to a booking, or to the rule they break. */
final class Timeslot {

  /**
   * What tells apart bookings that have no booking id: not the resident, and not the rights, which
   * end while the booking stays the same.
   */
  private static final Set<TimeslotElement> TELLING =
      EnumSet.complementOf(
          EnumSet.of(
              TimeslotElement.RESIDENT,
              TimeslotElement.CANCELLABLE,
              TimeslotElement.REBOOKABLE,
              TimeslotElement.MESSAGEABLE));

  private final Map<TimeslotElement, String> values;
  private final LogicalAddress source;

  private Timeslot(Map<TimeslotElement, String> values, LogicalAddress source) {
    this.values = values;
    this.source = source;
  }

  /** The booking the values make, or the first rule they break. */
  static ItemResult<Booking> toItem(Map<TimeslotElement, String> values, LogicalAddress source) {
    try {
      return new Timeslot(values, source).read();
    } catch (BrokenRule broken) {
      return new ItemResult.Bad<>(broken.rule());
    }
  }

  private ItemResult<Booking> read() throws BrokenRule {
    OffsetDateTime start = time(TimeslotElement.START);
    OffsetDateTime end = plain(TimeslotElement.END) == null ? null : time(TimeslotElement.END);
    if (start != null && end != null && end.isBefore(start)) {
      end = SwedishTime.secondIfTwice(end);
    }
    if (start != null && end != null && end.isBefore(start)) {
      throw new BrokenRule("endTimeExclusive must not be before startTimeInclusive");
    }
    Booking booking =
        new Booking(
            id(),
            start,
            end,
            new Booking.Clinic(clinicHsaId(), shown(TimeslotElement.CLINIC_NAME)),
            plain(TimeslotElement.BOOKING_ID),
            performer(),
            named(TimeslotElement.RESOURCE_ID, TimeslotElement.RESOURCE_NAME),
            named(TimeslotElement.TIME_TYPE_ID, TimeslotElement.TIME_TYPE_NAME),
            named(TimeslotElement.CARE_TYPE_ID, TimeslotElement.CARE_TYPE_NAME),
            shown(TimeslotElement.PURPOSE),
            shown(TimeslotElement.REASON),
            flag(TimeslotElement.CANCELLABLE),
            flag(TimeslotElement.REBOOKABLE),
            flag(TimeslotElement.MESSAGEABLE),
            Boolean.TRUE.equals(flag(TimeslotElement.INVITATION)),
            source.value());
    Instant sortTime = start == null ? null : start.toInstant();
    return new ItemResult.Read<>(booking, sortTime);
  }

  private String clinicHsaId() throws BrokenRule {
    String hsaId = plain(TimeslotElement.CLINIC);
    if (hsaId == null || hsaId.length() > LogicalAddress.MAX_LENGTH) {
      throw new BrokenRule(
          "healthcare_facility must have 1 to " + LogicalAddress.MAX_LENGTH + " characters");
    }
    return hsaId;
  }

  private Booking.@Nullable Performer performer() {
    String hsaId = plain(TimeslotElement.PERFORMER);
    String name = shown(TimeslotElement.PERFORMER_NAME);
    return hsaId == null && name == null ? null : new Booking.Performer(hsaId, name);
  }

  private Booking.@Nullable Named named(TimeslotElement idElement, TimeslotElement nameElement) {
    String id = plain(idElement);
    String name = shown(nameElement);
    return id == null && name == null ? null : new Booking.Named(id, name);
  }

  private @Nullable OffsetDateTime time(TimeslotElement element) throws BrokenRule {
    String stamp = values.get(element);
    if (stamp == null) {
      return null;
    }
    return SwedishTime.parse(stamp)
        .orElseThrow(() -> new BrokenRule(element.localName() + " must be a time of 14 digits"));
  }

  private @Nullable Boolean flag(TimeslotElement element) throws BrokenRule {
    String value = plain(element);
    if (value == null) {
      return null;
    }
    return switch (value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new BrokenRule(element.localName() + " must be true, false, 1 or 0");
    };
  }

  private @Nullable String shown(TimeslotElement element) {
    String value = values.get(element);
    if (value == null) {
      return null;
    }
    String text = DisplayText.clean(value);
    return text.isEmpty() ? null : text;
  }

  private @Nullable String plain(TimeslotElement element) {
    String value = values.get(element);
    return value == null || value.isEmpty() ? null : value;
  }

  private String id() {
    String bookingId = plain(TimeslotElement.BOOKING_ID);
    List<String> parts = new ArrayList<>(List.of(source.folded()));
    if (bookingId != null) {
      parts.add(bookingId);
    } else {
      for (TimeslotElement element : TELLING) {
        parts.add(element.localName());
        parts.add(values.getOrDefault(element, ""));
      }
    }
    return StableId.of(parts);
  }
}
