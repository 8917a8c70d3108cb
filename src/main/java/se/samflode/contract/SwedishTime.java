package se.samflode.contract;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The contracts' time stamps: 14 digits, {@code yyyyMMddHHmmss}, without a zone, in Swedish local
 * time (RIV-TA).
 *
 * <p>Two hours a year need a rule. In October the hour from 02 to 03 comes twice: a time in it is
 * taken as the first one, summer time (+02:00), but as the second where an end would else stand
 * before its start. In March the hour from 02 to 03 is missing: a time in it is moved forward by an
 * hour, so that 02:30 becomes 03:30 (+02:00).
 */
public final class SwedishTime {

  /** The zone of every contract time. */
  public static final ZoneId ZONE = ZoneId.of("Europe/Stockholm");

  private static final Pattern STAMP = Pattern.compile("[1-9][0-9]{13}");
  private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");

  private SwedishTime() {}

  /**
   * The time a stamp means, with the offset that holds then; empty unless it is exactly 14 ASCII
   * digits naming a day of the calendar and a time from 00:00:00 to 23:59:59, year 1000 or later.
   */
  public static Optional<OffsetDateTime> parse(String stamp) {
    if (!STAMP.matcher(stamp).matches()) {
      return Optional.empty();
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              Integer.parseInt(stamp, 0, 4, 10),
              Integer.parseInt(stamp, 4, 6, 10),
              Integer.parseInt(stamp, 6, 8, 10),
              Integer.parseInt(stamp, 8, 10, 10),
              Integer.parseInt(stamp, 10, 12, 10),
              Integer.parseInt(stamp, 12, 14, 10));
      return Optional.of(at(local));
    } catch (DateTimeException noSuchTime) {
      return Optional.empty();
    }
  }

  /** The time that a local time means, by the rule above. */
  public static OffsetDateTime at(LocalDateTime local) {
    // atZone takes the earlier offset in an overlap and moves forward by the length of a gap.
    return local.atZone(ZONE).toOffsetDateTime();
  }

  /** The second of the two times that a local time in the repeated hour can mean; else the same. */
  public static OffsetDateTime secondIfTwice(OffsetDateTime time) {
    return time.atZoneSameInstant(ZONE).withLaterOffsetAtOverlap().toOffsetDateTime();
  }

  /** An instant with the offset that holds in Sweden then. */
  public static OffsetDateTime at(Instant instant) {
    return instant.atZone(ZONE).toOffsetDateTime();
  }

  /** The stamp of an instant, 14 digits, fractions of a second cut off; years 1000 to 9999. */
  public static String format(Instant instant) {
    return FORM.format(instant.atZone(ZONE));
  }
}
