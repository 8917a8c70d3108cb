package se.samflode.api.rest;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.federation.Item;

/**
 * The parameters of a read model. Immutable.
 *
 * @param from earliest time, inclusive; {@code null} for no bound
 * @param to latest time, exclusive; {@code null} for no bound
 * @param limit items on a page, 1 to 200
 * @param after where the page before this one ended; {@code null} for the first page
 */
record ReadModelQuery(
    @Nullable Instant from, @Nullable Instant to, int limit, @Nullable Cursor after) {

  private static final Set<String> NAMES = Set.of("from", "to", "limit", "cursor");
  private static final int MOST = 200;
  private static final int USUAL = 100;

  /**
   * Reads the parameters as they came.
   *
   * @throws ProblemException that names the parameter at fault and repeats no value
   */
  static ReadModelQuery of(Map<String, String[]> parameters) {
    parameters.forEach((name, values) -> {
      if (!NAMES.contains(name)) {
        throw new ProblemException(Problem.UNKNOWN_PARAMETER);
      }
      if (values.length > 1) {
        throw new ProblemException(Problem.UNKNOWN_PARAMETER, name);
      }
    });
    Instant from = time(parameters, "from");
    Instant to = time(parameters, "to");
    if (from != null && to != null && from.isAfter(to)) {
      throw new ProblemException(Problem.INVALID_RANGE);
    }
    String cursor = value(parameters, "cursor");
    return new ReadModelQuery(
        from, to, limit(value(parameters, "limit")), cursor == null ? null : Cursor.parse(cursor));
  }

  /** Whether an item is asked for; one without a time always is, since it may be any day. */
  boolean covers(Item item) {
    Instant start = item.sortTime();
    return start == null
        || ((from == null || !start.isBefore(from)) && (to == null || start.isBefore(to)));
  }

  private static @Nullable String value(Map<String, String[]> parameters, String name) {
    String[] values = parameters.get(name);
    return values == null ? null : values[0];
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return USUAL;
    }
    if (!text.matches("[0-9]{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MOST) {
      throw new ProblemException(Problem.INVALID_PARAMETER, "limit");
    }
    return Integer.parseInt(text);
  }

  private static @Nullable Instant time(Map<String, String[]> parameters, String name) {
    String text = value(parameters, name);
    if (text == null) {
      return null;
    }
    if (text.length() > 40) {
      throw new ProblemException(Problem.INVALID_PARAMETER, name);
    }
    // An offset's plus that was not escaped has become a blank on the way.
    String iso = text.replace(' ', '+');
    // Years of more digits are ISO 8601 too, and beyond what a Swedish time can be made of.
    if (!iso.matches("[0-9]{4}-.*")) {
      throw new ProblemException(Problem.INVALID_PARAMETER, name);
    }
    try {
      if (iso.length() == 10) {
        return SwedishTime.at(LocalDate.parse(iso).atStartOfDay()).toInstant();
      }
      return iso.matches(".*T.*(Z|[+-][0-9]{2}(:?[0-9]{2})?)")
          ? OffsetDateTime.parse(iso).toInstant()
          : SwedishTime.at(LocalDateTime.parse(iso)).toInstant();
    } catch (DateTimeException e) {
      throw new ProblemException(Problem.INVALID_PARAMETER, name);
    }
  }
}
