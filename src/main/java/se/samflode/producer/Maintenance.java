package se.samflode.producer;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import se.samflode.contract.SwedishTime;

/**
 * When a producer has declared that it cannot be asked. Immutable.
 *
 * @param once at most 50; none if absent
 * @param weekly at most 50; none if absent
 */
public record Maintenance(List<Once> once, List<Weekly> weekly) {

  /** What holds for a producer whose entry names no maintenance. */
  static final Maintenance NONE = new Maintenance(List.of(), List.of());

  private static final int MOST = 50;

  /**
   * From a time, inclusive, to another, exclusive.
   *
   * @param to after {@code from}
   */
  public record Once(OffsetDateTime from, OffsetDateTime to) {

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if a time is missing or they are in the wrong order
     */
    @SuppressWarnings("ConstantValue") // the file may leave a value out
    public Once {
      require(
          from != null && to != null && from.isBefore(to),
          "maintenance.once needs from and, after it, to: times with an offset");
    }

    boolean holds(Instant now) {
      return !now.isBefore(from.toInstant()) && now.isBefore(to.toInstant());
    }
  }

  /**
   * Every week from a time of a day, inclusive, to another, exclusive, by the clock in Sweden.
   *
   * @param to of the next day where it is not after {@code from}
   */
  public record Weekly(DayOfWeek day, LocalTime from, LocalTime to) {

    /**
     * Checks that nothing is missing.
     *
     * @throws IllegalArgumentException if a value is missing
     */
    @SuppressWarnings("ConstantValue") // the file may leave a value out
    public Weekly {
      require(
          day != null && from != null && to != null,
          "maintenance.weekly needs day, such as sunday, and from and to, such as 02:00");
    }

    boolean holds(LocalDateTime now) {
      LocalTime time = now.toLocalTime();
      boolean overMidnight = !from.isBefore(to);
      return now.getDayOfWeek() == day
          ? !time.isBefore(from) && (overMidnight || time.isBefore(to))
          : now.getDayOfWeek() == day.plus(1) && overMidnight && time.isBefore(to);
    }
  }

  /**
   * Copies the lists and fills in what is absent.
   *
   * @throws IllegalArgumentException if there are too many
   */
  @SuppressWarnings("ConstantValue") // the file may leave a value out
  public Maintenance {
    once = once == null ? List.of() : List.copyOf(once);
    weekly = weekly == null ? List.of() : List.copyOf(weekly);
    require(
        once.size() <= MOST && weekly.size() <= MOST,
        "maintenance.once and maintenance.weekly may have 50 entries each");
  }

  /** Whether it is one of these times. */
  boolean holds(Instant now) {
    if (once.stream().anyMatch(window -> window.holds(now))) {
      return true;
    }
    if (weekly.isEmpty()) {
      return false;
    }
    LocalDateTime local = LocalDateTime.ofInstant(now, SwedishTime.ZONE);
    return weekly.stream().anyMatch(window -> window.holds(local));
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
