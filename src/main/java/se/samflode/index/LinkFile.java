package se.samflode.index;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import se.samflode.identity.PersonId;

/** A file of links between identities, with the columns {@code identity} and {@code linkedTo}. */
final class LinkFile {

  /** Most links in a file: they are one transaction, and held in memory. */
  static final int MAX_LINKS = 100_000;

  private static final List<String> COLUMNS = List.of("identity", "linkedTo");

  private LinkFile() {}

  /** One line: from the old identity to the newer one. Prints itself redacted. */
  record Link(long line, String identity, String linkedTo) {

    @Override
    public String toString() {
      return "Link[line " + line + "]";
    }
  }

  /**
   * Reads a whole file.
   *
   * @throws CommandRefused at the first line that breaks a rule
   */
  static List<Link> read(Path path) {
    List<Link> links = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    try (CsvFile file = new CsvFile(path, COLUMNS)) {
      while (file.hasNext()) {
        CsvFile.Row row = file.next();
        refuseIf(!row.isWhole(), row.line(), "has not as many values as there are columns");
        Link link = new Link(row.line(), row.get(0), row.get(1));
        check(link);
        refuseIf(!seen.add(link.identity()), link.line(), "has an identity that stood before");
        refuseIf(
            links.size() == MAX_LINKS, link.line(), "is beyond " + MAX_LINKS + ": cut the file");
        links.add(link);
      }
    }
    return links;
  }

  private static void check(Link link) {
    refuseIf(!isIdentity(link.identity()), link.line(), "identity is not 1 to 32 characters");
    refuseIf(!isIdentity(link.linkedTo()), link.line(), "linkedTo is not 1 to 32 characters");
    refuseIf(link.identity().equals(link.linkedTo()), link.line(), "links an identity to itself");
  }

  private static boolean isIdentity(String value) {
    return !value.isEmpty()
        && value.length() <= PersonId.MAX_LENGTH
        && value.equals(value.strip())
        && value.chars().noneMatch(Character::isISOControl);
  }

  static void refuseIf(boolean broken, long line, String rule) {
    if (broken) {
      throw new CommandRefused("Line " + line + " " + rule + ". Nothing is changed.");
    }
  }
}
