package se.samflode.endtoend;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds identity numbers in a text: with or without century and separator, among other digits,
 * percent-encoded. Immutable.
 */
final class IdentitySearch {

  /** Digits that may be one number: separators and their percent-encoded forms stand between. */
  private static final Pattern RUN = Pattern.compile("[0-9](?:(?:[-+ ]|%2[BbDd0])?[0-9]){9,}");

  private static final Pattern ENCODED_DIGIT = Pattern.compile("%3([0-9])");
  private static final int SHORT = 10;

  private final Set<String> shortForms = new HashSet<>();
  private final Set<String> lettered = new HashSet<>();

  /**
   * @param identities twelve characters each, century first
   */
  IdentitySearch(List<String> identities) {
    for (String identity : identities) {
      if (identity.matches("[0-9]{12}")) {
        shortForms.add(identity.substring(2));
      } else {
        lettered.add(identity.toUpperCase(Locale.ROOT));
        lettered.add(
            (identity.substring(0, 8) + "-" + identity.substring(8)).toUpperCase(Locale.ROOT));
      }
    }
  }

  /** Every line that holds an identity, with the identity taken out; at most 20. */
  List<String> find(String text) {
    return text.lines().filter(this::holds).limit(20).map(IdentitySearch::shown).toList();
  }

  private boolean holds(String line) {
    String plain = ENCODED_DIGIT.matcher(line).replaceAll("$1");
    Matcher run = RUN.matcher(plain);
    while (run.find()) {
      String digits = run.group().replaceAll("%2.|[-+ ]", "");
      for (int i = 0; i + SHORT <= digits.length(); i++) {
        if (shortForms.contains(digits.substring(i, i + SHORT))) {
          return true;
        }
      }
    }
    String upper = plain.toUpperCase(Locale.ROOT);
    return lettered.stream().anyMatch(upper::contains);
  }

  /** For the failure's text, which must not leak either. */
  private static String shown(String line) {
    String redacted = line.replaceAll("[0-9]{4,}", "#");
    return redacted.substring(0, Math.min(600, redacted.length()));
  }
}
