package se.samflode.mockregions;

import java.nio.file.Path;

/** Published reference material that stays outside the repository. */
final class Reference {

  /** System property that names the folder where the material lies. */
  static final String PROPERTY = "samflode.reference";

  private Reference() {}

  static Path folder(String name) {
    String named = System.getProperty(PROPERTY);
    return (named == null ? Path.of("..").resolve("shared") : Path.of(named)).resolve(name);
  }
}
