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
 * it has that of MSH-7; where that has none, or the one that held in Sweden then, it is Swedish
 * local time, by the rules of {@link SwedishTime}. What is left out is the first month, day or
 * hour. For one message and thread. Source: HL7 v2.5, sections 2.A.77 and 2.15.9.7.
 */
final class Hl7Time {

  private static final Pattern FORM =
      Pattern.compile(
          "(?<year>(?:19|20|21)[0-9]{2})(?:(?<month>[0-9]{2})(?:(?<day>[0-9]{2})"
              + "(?:(?<hour>[0-9]{2})(?:(?<minute>[0-9]{2})(?:(?<second>[0-9]{2})"
              + "(?:\\.(?<fraction>[0-9]{1,4}))?)?)?)?)?)?(?<offset>[+-][0-9]{4})?");

  private final LabFaults faults;

  /** {@code null} for Swedish local time. */
  private final @Nullable ZoneOffset offset;

  Hl7Time(Hl7Segment msh, LabFaults faults) {
    this.faults = faults;
    String sent = msh.get(7, 1);
    this.offset = sent == null ? null : foreignOffset(sent);
  }

  /**
   * The offset of a time that is none of Sweden's. One that is stands for Swedish time, which has
   * another at other times of the year; so a message that is sent again in winter tells the same
   * times as in summer.
   */
  private static @Nullable ZoneOffset foreignOffset(String text) {
    Matcher time = FORM.matcher(text);
    if (!time.matches() || time.group("offset") == null) {
      return null;
    }
    try {
      ZoneOffset told = ZoneOffset.of(time.group("offset"));
      Instant sent = local(time).toInstant(told);
      return SwedishTime.at(sent).getOffset().equals(told) ? null : told;
    } catch (DateTimeException noSuchTime) {
      return null;
    }
  }

  /** The instant; {@code null} if it is no time. */
  private @Nullable Instant parse(String text) {
    Matcher time = FORM.matcher(text);
    if (!time.matches()) {
      return null;
    }
    try {
      LocalDateTime local = local(time);
      String told = time.group("offset");
      if (told == null && offset == null) {
        return SwedishTime.at(local).toInstant();
      }
      return local.toInstant(told == null ? offset : ZoneOffset.of(told));
    } catch (DateTimeException noSuchTime) {
      return null;
    }
  }

  private static LocalDateTime local(Matcher time) {
    return LocalDateTime.of(
        number(time, "year", 0),
        number(time, "month", 1),
        number(time, "day", 1),
        number(time, "hour", 0),
        number(time, "minute", 0),
        number(time, "second", 0),
        nanos(time.group("fraction")));
  }

  /** A field that holds a time; {@code null} if it is absent, or no time, which is a fault. */
  @Nullable Instant of(Hl7Segment segment, int field) {
    return of(segment, field, 1);
  }

  /** A component of a field that holds a time. */
  @Nullable Instant of(Hl7Segment segment, int field, int component) {
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
