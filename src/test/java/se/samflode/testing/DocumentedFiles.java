package se.samflode.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that a page of the documentation shows, so that a test uses those very files and the
 * page cannot drift. A file is a code block below a line with nothing but its name in bold.
 * Immutable.
 */
public final class DocumentedFiles {

  private static final Pattern FILE =
      Pattern.compile(
          "^\\*\\*`([^`]+)`\\*\\*\\n\\n```\\w+\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private final Map<String, String> files = new LinkedHashMap<>();

  /** Reads a page. */
  public DocumentedFiles(Path page) {
    try {
      Matcher file = FILE.matcher(Files.readString(page));
      while (file.find()) {
        files.put(file.group(1), file.group(2));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a file. */
  public String text(String name) {
    return Objects.requireNonNull(files.get(name), () -> "the page shows no file " + name);
  }

  /** Writes those below {@code contracts/} into a folder, which then can stand on a class path. */
  public void writeContracts(Path folder) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      if (file.getKey().startsWith("contracts/")) {
        write(folder, file.getKey(), file.getValue());
      }
    }
  }

  /** Writes one file into a folder. */
  public static Path write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, text);
  }
}
