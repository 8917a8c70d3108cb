package se.samflode.index;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times of the contract: 14 digits, local Swedish time, years 1000 to 9999. Stateless, thread-safe.
 */
final class ContractTime {

  private static final Pattern DIGITS = Pattern.compile("[1-9][0-9]{13}");
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withResolverStyle(ResolverStyle.STRICT);

  private ContractTime() {}

  /** What is wrong with a value, or empty if it is a time or absent. */
  static Optional<String> problem(@Nullable String value) {
    if (value == null || isTime(value)) {
      return Optional.empty();
    }
    return Optional.of(
        "Input date is not according to expected format \"YYYYMMDDhhmmss\": "
            + IndexFault.echo(value));
  }

  /** A time that has been found good, null if absent. */
  static @Nullable LocalDateTime parse(@Nullable String value) {
    return value == null ? null : LocalDateTime.parse(value, FORMAT);
  }

  private static boolean isTime(String value) {
    if (!DIGITS.matcher(value).matches()) {
      return false;
    }
    try {
      LocalDateTime.parse(value, FORMAT);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
