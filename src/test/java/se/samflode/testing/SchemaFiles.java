package se.samflode.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads a schema file with all that it imports. */
public final class SchemaFiles {

  private static final Pattern IMPORT =
      Pattern.compile("(<xs:import[^>]*?)\\sschemaLocation=[\"']([^\"']*)[\"']");

  private final Map<Path, String> texts = new LinkedHashMap<>();
  private final UnaryOperator<String> change;

  private SchemaFiles(UnaryOperator<String> change) {
    this.change = change;
  }

  /**
   * The texts of a schema and all that it imports, those that others import first. Their imports
   * name the namespace only: with a place, a reader would fetch the text as it is in the file.
   *
   * @param change made to each text
   */
  public static List<String> withImports(Path file, UnaryOperator<String> change)
      throws IOException {
    SchemaFiles files = new SchemaFiles(change);
    files.add(file.normalize());
    return new ArrayList<>(files.texts.values());
  }

  private void add(Path file) throws IOException {
    String text = change.apply(Files.readString(file));
    for (MatchResult found : IMPORT.matcher(text).results().toList()) {
      Path imported = file.resolveSibling(found.group(2)).normalize();
      if (!texts.containsKey(imported)) {
        add(imported);
      }
    }
    texts.put(file, IMPORT.matcher(text).replaceAll("$1"));
  }
}
