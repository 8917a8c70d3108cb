package se.samflode.index;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import se.samflode.identity.PersonId;

/** A file of identities: CSV with the column {@code identity}. Stateless. */
public final class IdentityFile {

  /** Most identities in a file: they are held in memory. */
  private static final int MAX = 100_000;

  /** It would match nothing, and nobody would notice. */
  private static final Pattern SPELLED_OTHERWISE = Pattern.compile("\\s|^[0-9]{6,8}[-+]");

  private IdentityFile() {}

  /**
   * Reads a whole file.
   *
   * @throws CommandRefused at the first line that is not an identity, naming the line only
   */
  public static List<String> read(Path path) {
    List<String> identities = new ArrayList<>();
    try (CsvFile file = new CsvFile(path, List.of("identity"))) {
      while (file.hasNext()) {
        CsvFile.Row row = file.next();
        String identity = row.isWhole() ? row.get(0) : "";
        if (identities.size() == MAX) {
          throw new CommandRefused("Line " + row.line() + " is beyond " + MAX + ": cut the file.");
        }
        if (identity.isBlank() || identity.length() > PersonId.MAX_LENGTH) {
          throw new CommandRefused("Line " + row.line() + " is no identity of 1 to 32 characters.");
        }
        if (SPELLED_OTHERWISE.matcher(identity).find()) {
          throw new CommandRefused(
              "Line " + row.line() + ": write the identity without blanks, hyphen or plus sign.");
        }
        identities.add(identity);
      }
    }
    return identities;
  }
}
