package se.samflode.lab;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.lab.LabFault.Code;

/**
 * Times of HL7 v2: {@code yyyy[MM[dd[HH[mm[ss[.s to .ssss]]]]]]} and an offset. Without an offset
 * it is Swedish local time, by the rules of {@link SwedishTime}; what is left out is the first
 * month, day or hour. Stateless, thread-safe. Source: HL7 v2.5, section 2.A.77.
 */
final class Hl7Time {

  private static final Pattern FORM =
      Pattern.compile(
          "(?<year>(?:19|20|21)[0-9]{2})(?:(?<month>[0-9]{2})(?:(?<day>[0-9]{2})"
              + "(?:(?<hour>[0-9]{2})(?:(?<minute>[0-9]{2})(?:(?<second>[0-9]{2})"
              + "(?:\\.(?<fraction>[0-9]{1,4}))?)?)?)?)?)?(?<offset>[+-][0-9]{4})?");

  private Hl7Time() {}

  /** The instant; {@code null} if it is no time. */
  static @Nullable Instant parse(String text) {
    Matcher time = FORM.matcher(text);
    if (!time.matches()) {
      return null;
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              number(time, "year", 0),
              number(time, "month", 1),
              number(time, "day", 1),
              number(time, "hour", 0),
              number(time, "minute", 0),
              number(time, "second", 0),
              nanos(time.group("fraction")));
      String offset = time.group("offset");
      return offset == null
          ? SwedishTime.at(local).toInstant()
          : local.toInstant(ZoneOffset.of(offset));
    } catch (DateTimeException noSuchTime) {
      return null;
    }
  }

  /** A field that holds a time; {@code null} if it is absent, or no time, which is a fault. */
  static @Nullable Instant of(Hl7Segment segment, int field, LabFaults faults) {
    return of(segment, field, 1, faults);
  }

  /** A component of a field that holds a time. */
  static @Nullable Instant of(Hl7Segment segment, int field, int component, LabFaults faults) {
    String text = segment.get(field, component);
    if (text == null) {
      return null;
    }
    Instant time = parse(text);
    if (time == null) {
      faults.add(
          Code.INVALID,
          segment.path(field),
          "a time is written yyyyMMddHHmmss, shorter where less is known, and may have an offset");
    }
    return time;
  }

  private static int number(Matcher time, String part, int absent) {
    String digits = time.group(part);
    return digits == null ? absent : Integer.parseInt(digits);
  }

  private static int nanos(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
  }
}
