package se.samflode.api.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The preference {@code wait} of RFC 7240: whole seconds, at most 20; a longer wish is cut to 20
 * and the answer's Preference-Applied says so. Other preferences are none of ours and are passed
 * by.
 */
final class PreferWait {

  private static final Pattern WAIT =
      Pattern.compile(
          "(?:^|,)\\s*wait\\b\\s*(?:=\\s*\"?([^\",;]*?)\"?\\s*)?(?=$|[,;])",
          Pattern.CASE_INSENSITIVE);

  private PreferWait() {}

  /**
   * The wait wished for, or {@code null} if none is. The first one counts.
   *
   * @throws ProblemException INVALID_PARAMETER if {@code wait} is there without whole seconds
   */
  static @Nullable Duration of(HttpServletRequest request) {
    for (String header : Collections.list(request.getHeaders("Prefer"))) {
      Matcher wait = WAIT.matcher(header);
      if (wait.find()) {
        String seconds = wait.group(1);
        if (seconds == null || !seconds.matches("[0-9]{1,6}")) {
          throw new ProblemException(Problem.INVALID_PARAMETER, "Prefer");
        }
        Duration wished = Duration.ofSeconds(Long.parseLong(seconds));
        return wished.compareTo(JsonSettings.LONGEST_WAIT) > 0 ? JsonSettings.LONGEST_WAIT : wished;
      }
    }
    return null;
  }
}
