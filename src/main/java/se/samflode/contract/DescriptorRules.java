package se.samflode.contract;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a contract's descriptor that need no schema. Their texts name the field and say what
 * to write, for whoever adds a contract. Stateless, thread-safe.
 */
final class DescriptorRules {

  private static final String NAME = "[A-Za-z_][\\w.-]*";
  private static final Pattern ONE_NAME = Pattern.compile(NAME);
  private static final Pattern PATH = Pattern.compile(NAME + "(/" + NAME + ")*");

  private DescriptorRules() {}

  /**
   * A field that must be there.
   *
   * @param field its path in the file, such as {@code item.type}
   * @param what to write, with an example
   * @throws IllegalArgumentException if it is absent
   */
  static void given(@Nullable Object value, String field, String what) {
    require(value != null, field + " is missing; write " + what);
  }

  /** A field that must be there and hold something, as {@link #given}. */
  static void text(@Nullable String value, String field, String what) {
    require(value != null && !value.isBlank(), field + " is missing; write " + what);
  }

  /** A field that must be the local name of an element or a type, as {@link #given}. */
  static void name(@Nullable String value, String field, String what) {
    matches(value, ONE_NAME, field, what);
  }

  /** A field that must be a path of local names, as {@link #given}. */
  static void path(@Nullable String value, String field, String what) {
    matches(value, PATH, field, what);
  }

  /** A field that may be absent, else is as {@link #name}. */
  static void optionalName(@Nullable String value, String field) {
    require(
        value == null || ONE_NAME.matcher(value).matches(),
        field + " must be the local name of one element, without prefix; leave it out for none");
  }

  /** A field that may be absent, else is a path of local names. */
  static void optionalPath(@Nullable String value, String field) {
    require(
        value == null || PATH.matcher(value).matches(),
        field + " must be local names with / between them; leave it out for none");
  }

  /** A field that must have a shape, as {@link #given}. */
  static void matches(@Nullable String value, Pattern shape, String field, String what) {
    text(value, field, what);
    require(value != null && shape.matcher(value).matches(), field + " must be " + what);
  }

  /**
   * Any other rule.
   *
   * @throws IllegalArgumentException with the rule, if it does not hold
   */
  static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
