package se.samflode.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The class path of this process, for others. */
public final class ClassPath {

  private ClassPath() {}

  /**
   * Writes it as an argument file of Java, which takes more than a command line does.
   *
   * @param tests whether our test classes stand in it
   * @return the argument that names the file
   */
  public static String argument(Path file, boolean tests) throws IOException {
    // Surefire hides it behind a jar that it deletes at its end.
    String surefire = System.getProperty("surefire.test.class.path");
    String all = surefire == null ? System.getProperty("java.class.path") : surefire;
    String kept =
        Arrays.stream(all.split(File.pathSeparator, -1))
            .filter(entry -> tests || !entry.endsWith("test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    Files.writeString(file, "-cp \"" + kept.replace("\\", "\\\\") + "\"\n");
    return "@" + file;
  }
}
