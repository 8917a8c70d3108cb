package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;

/**
 * A moment as precise as the source gives it: a day, or a time to the second. A day never becomes
 * its midnight. Immutable.
 *
 * @param day in Sweden
 * @param time in Swedish time with offset, see {@link SwedishTime}; {@code null}: only the day is
 *     known
 */
public record DayOrTime(LocalDate day, @Nullable OffsetDateTime time) {

  private static final Pattern DAY = Pattern.compile("[1-9][0-9]{7}");

  /** From 14 digits, {@code yyyyMMddHHmmss}, or 8, {@code yyyyMMdd}; empty if it is neither. */
  static Optional<DayOrTime> parse(String stamp) {
    if (!DAY.matcher(stamp).matches()) {
      return SwedishTime.parse(stamp).map(time -> new DayOrTime(time.toLocalDate(), time));
    }
    try {
      LocalDate day =
          LocalDate.of(
              Integer.parseInt(stamp, 0, 4, 10),
              Integer.parseInt(stamp, 4, 6, 10),
              Integer.parseInt(stamp, 6, 8, 10));
      return Optional.of(new DayOrTime(day, null));
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  /** ISO 8601: a date, or a date and time with offset. */
  @JsonValue
  public String iso8601() {
    return time == null ? day.toString() : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
  }

  /** Its place among others; that of a day is where the day begins in Sweden. */
  Instant sortTime() {
    return time == null ? day.atStartOfDay(SwedishTime.ZONE).toInstant() : time.toInstant();
  }
}
