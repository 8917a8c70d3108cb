package se.samflode.index;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import se.samflode.identity.LogicalAddress;

/**
 * The engagements of a file, chunk by chunk. Holds one chunk at a time. For one thread at a time.
 */
final class LoadChunks implements AutoCloseable {

  private static final List<String> COLUMNS =
      List.of(
          "registeredResidentIdentification",
          "serviceDomain",
          "categorization",
          "logicalAddress",
          "businessObjectInstanceIdentifier",
          "clinicalProcessInterestId",
          "mostRecentContent",
          "sourceSystem",
          "dataController");

  private final CsvFile file;
  private final UpdateRules rules;
  private final IndexSettings settings;

  LoadChunks(Path path, UpdateRules rules, IndexSettings settings) {
    this.file = new CsvFile(path, COLUMNS);
    this.rules = rules;
    this.settings = settings;
  }

  /**
   * What becomes one transaction.
   *
   * @param rows of the file that are taken; fewer are in {@code copy} where a key stands twice
   * @param copied rows in {@code copy}
   * @param named what gets a new version
   * @param bytesRead of the file so far
   */
  record Chunk(
      CopyRows copy,
      int rows,
      int copied,
      List<AddressName> named,
      List<RefusedLine> refused,
      long bytesRead) {

    boolean isEmpty() {
      return rows == 0 && refused.isEmpty();
    }
  }

  /** A service domain and an address in upper case. */
  record AddressName(String serviceDomain, String address) implements Comparable<AddressName> {

    @Override
    public int compareTo(AddressName other) {
      int byDomain = serviceDomain.compareTo(other.serviceDomain);
      return byDomain == 0 ? address.compareTo(other.address) : byDomain;
    }
  }

  /** A line that is not taken, and the rule that it breaks. */
  record RefusedLine(long line, String rule) {}

  /** Passes by what has been committed. */
  void skip(long rows) {
    for (long row = 0; row < rows; row++) {
      if (!file.hasNext()) {
        throw new CommandRefused("The file is shorter than what has been loaded of it.");
      }
      file.next();
    }
  }

  /** The next rows, of which there are none after the last. */
  Chunk next(int most) {
    Map<EngagementKey, Engagement> byKey = LinkedHashMap.newLinkedHashMap(most);
    List<RefusedLine> refused = new ArrayList<>();
    TreeSet<AddressName> named = new TreeSet<>();
    int read = 0;
    while (read < most && file.hasNext()) {
      read++;
      CsvFile.Row row = file.next();
      Optional<Engagement> engagement = engagement(row, refused);
      engagement.ifPresent(e -> {
        byKey.merge(EngagementKey.of(e), e, this::following);
        named.add(name(e, Engagement::logicalAddress));
        named.add(name(e, Engagement::sourceSystem));
      });
    }
    CopyRows copy = new CopyRows();
    byKey.forEach(copy::add);
    return new Chunk(
        copy.ended(),
        read - refused.size(),
        byKey.size(),
        List.copyOf(named),
        refused,
        file.bytesRead());
  }

  private Optional<Engagement> engagement(CsvFile.Row row, List<RefusedLine> refused) {
    if (!row.isWhole()) {
      refused.add(new RefusedLine(row.line(), "it has not as many values as there are columns"));
      return Optional.empty();
    }
    Engagement engagement =
        new Engagement(
            row.get(0),
            row.get(1),
            row.get(2),
            row.get(3),
            row.get(4),
            row.get(5),
            row.get(6).isEmpty() ? null : row.get(6),
            row.get(7),
            null,
            null,
            row.get(8),
            settings.hsaId());
    Optional<String> broken = rules.brokenBy(engagement).map(UpdateRules.Broken::text);
    broken.ifPresent(rule -> refused.add(new RefusedLine(row.line(), rule)));
    return broken.isPresent() ? Optional.empty() : Optional.of(engagement);
  }

  /** Which of two rows with one key stays: what two Updates after each other would have left. */
  private Engagement following(Engagement first, Engagement second) {
    String before = first.mostRecentContent();
    String after = second.mostRecentContent();
    boolean replaces =
        settings.overwritingDomains().contains(second.serviceDomain())
            || before == null
            || (after != null && after.compareTo(before) > 0);
    return replaces ? second : first;
  }

  private static AddressName name(Engagement e, Function<Engagement, String> address) {
    return new AddressName(e.serviceDomain(), new LogicalAddress(address.apply(e)).folded());
  }

  @Override
  public void close() {
    file.close();
  }
}
