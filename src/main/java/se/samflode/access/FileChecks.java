package se.samflode.access;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.config.InvalidFile;

/** What the files of this package are held to, each fault with its place. For one thread. */
final class FileChecks {

  private final String file;
  private final int maxEntries;
  private final int maxText;
  private final Map<String, Set<String>> seen = new HashMap<>();

  /**
   * @param file its name, for faults
   * @param maxEntries of a list
   * @param maxText characters of a text
   */
  FileChecks(String file, int maxEntries, int maxText) {
    this.file = file;
    this.maxEntries = maxEntries;
    this.maxText = maxText;
  }

  /** A text that is there. */
  String text(@Nullable String text, String at) {
    if (text == null || text.isBlank() || text.length() > maxText) {
      throw invalid(at, "write 1 to " + maxText + " characters");
    }
    return text;
  }

  /** A text of some shape. */
  String text(@Nullable String text, String at, Pattern shape, String expected) {
    String given = text(text, at);
    if (!shape.matcher(given).matches()) {
      throw invalid(at, "write " + expected);
    }
    return given;
  }

  /** A list that has something. */
  <T> List<T> list(@Nullable List<@Nullable T> list, String at) {
    if (list == null || list.isEmpty() || list.size() > maxEntries || list.contains(null)) {
      throw invalid(at, "list 1 to " + maxEntries + " entries, none of them empty");
    }
    return list.stream().map(Objects::requireNonNull).toList();
  }

  /**
   * Something that stands once in the file.
   *
   * @param what it is, with its article; things of one kind are compared
   */
  void unique(String value, String at, String what) {
    if (!seen.computeIfAbsent(what, kind -> new HashSet<>()).add(value)) {
      throw invalid(at, what + " stands twice in the file; keep one");
    }
  }

  InvalidFile invalid(String at, String problem) {
    return new InvalidFile(file, "at " + at + ": " + problem);
  }
}
