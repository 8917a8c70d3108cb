package se.samflode.readmodel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.identity.LogicalAddress;

/** The step from a timeslot's trimmed element texts to a booking, or to the rule they break. */
final class Timeslot {

  /** 144 bits: no padding in base64, and no two bookings alike in practice. */
  private static final int ID_BYTES = 18;

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
  static BookingItem toItem(Map<TimeslotElement, String> values, LogicalAddress source) {
    try {
      return new Timeslot(values, source).read();
    } catch (BrokenRule broken) {
      return new BookingItem.Bad(broken.rule);
    }
  }

  private BookingItem read() throws BrokenRule {
    OffsetDateTime start = time(TimeslotElement.START);
    OffsetDateTime end = time(TimeslotElement.END);
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
    return new BookingItem.Read(booking, sortTime);
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
    String value = values.get(element);
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
    MessageDigest digest = sha256();
    add(digest, source.folded());
    String bookingId = plain(TimeslotElement.BOOKING_ID);
    if (bookingId != null) {
      add(digest, bookingId);
    } else {
      for (TimeslotElement element : TELLING) {
        add(digest, element.localName());
        add(digest, values.getOrDefault(element, ""));
      }
    }
    byte[] id = new byte[ID_BYTES];
    System.arraycopy(digest.digest(), 0, id, 0, ID_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }

  /** With its length in front, so that no two lists of parts give the same bytes. */
  private static void add(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException broken) {
      throw new IllegalStateException("every Java has SHA-256", broken);
    }
  }

  /** A rule of the contract that an item breaks; never leaves this class. */
  private static final class BrokenRule extends Exception {

    private static final long serialVersionUID = 1L;

    private final String rule;

    BrokenRule(String rule) {
      super(rule, null, false, false);
      this.rule = rule;
    }
  }
}
