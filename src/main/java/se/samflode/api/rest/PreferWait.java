package se.samflode.api.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The preference {@code wait} of RFC 7240: whole seconds, at most 20; a longer wish is cut to 20
 * and the answer's Preference-Applied says so. Other preferences are none of ours and are passed
 * by.
 */
final class PreferWait {

  private PreferWait() {}

  /**
   * The wait wished for, or {@code null} if none is. The first one counts.
   *
   * @throws ProblemException INVALID_PARAMETER if {@code wait} is there without whole seconds
   */
  static @Nullable Duration of(HttpServletRequest request) {
    for (String header : Collections.list(request.getHeaders("Prefer"))) {
      StringTokenizer preferences = new StringTokenizer(header, ",");
      while (preferences.hasMoreTokens()) {
        String preference = withoutParameters(preferences.nextToken());
        int equals = preference.indexOf('=');
        String name = equals < 0 ? preference : preference.substring(0, equals);
        if (name.strip().equalsIgnoreCase("wait")) {
          return seconds(equals < 0 ? "" : preference.substring(equals + 1).strip());
        }
      }
    }
    return null;
  }

  private static String withoutParameters(String preference) {
    int parameters = preference.indexOf(';');
    return parameters < 0 ? preference : preference.substring(0, parameters);
  }

  private static Duration seconds(String value) {
    boolean quoted = value.length() > 2 && value.startsWith("\"") && value.endsWith("\"");
    String digits = quoted ? value.substring(1, value.length() - 1) : value;
    if (!digits.matches("[0-9]{1,6}")) {
      throw new ProblemException(Problem.INVALID_PARAMETER, "Prefer");
    }
    Duration wished = Duration.ofSeconds(Long.parseLong(digits));
    return wished.compareTo(JsonSettings.LONGEST_WAIT) > 0 ? JsonSettings.LONGEST_WAIT : wished;
  }
}
