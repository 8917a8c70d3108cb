package se.samflode.access;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import se.samflode.config.InvalidFile;
import se.samflode.config.YamlFiles;
import se.samflode.identity.LogicalAddress;

/** The file of consumers as it is written, and its checks. */
record ConsumersFile(@Nullable List<@Nullable Entry> consumers) {

  /** Most consumers of one file, and most entries of one list in it. */
  static final int MAX_ENTRIES = 10_000;

  private static final int MAX_TEXT = 200;

  /** HSA-id: SE, organisation number, hyphen, letters and digits; at most 31 characters. */
  private static final Pattern HSA_ID = Pattern.compile("(?=.{1,31}$)SE\\d{10}-[A-Za-z0-9]+");

  private static final Pattern CONTRACT = Pattern.compile("\\*|[A-Z][A-Za-z0-9]{0,99} \\d{1,2}");
  private static final Pattern ADDRESS =
      Pattern.compile("\\*|[\\w#-]{1," + LogicalAddress.MAX_LENGTH + "}");

  record Entry(
      @Nullable String hsaId,
      @Nullable String name,
      @Nullable List<@Nullable String> clientIds,
      @Nullable List<@Nullable GrantEntry> grants,
      @Nullable Boolean seesDenied,
      @Nullable Boolean batch) {}

  record GrantEntry(
      @Nullable List<@Nullable String> contracts, @Nullable List<@Nullable String> addresses) {}

  /**
   * Reads and checks the whole file.
   *
   * @throws InvalidFile if it cannot be used
   */
  static List<Consumer> read(Resource resource) {
    return new Check(resource.getDescription())
        .consumers(YamlFiles.read(resource, ConsumersFile.class));
  }

  private static final class Check {

    private final String file;
    private final Set<String> hsaIds = new HashSet<>();
    private final Set<String> clientIds = new HashSet<>();

    Check(String file) {
      this.file = file;
    }

    List<Consumer> consumers(ConsumersFile content) {
      List<Entry> entries = list(content.consumers(), "consumers");
      return IntStream.range(0, entries.size())
          .mapToObj(i -> consumer(entries.get(i), "consumers[" + i + "]"))
          .toList();
    }

    private Consumer consumer(Entry entry, String at) {
      String hsaId =
          text(entry.hsaId(), at + ".hsaId", HSA_ID, "an HSA-id such as SE5565594230-1177");
      unique(hsaIds, hsaId.toUpperCase(Locale.ROOT), at + ".hsaId", "the HSA-id");
      return new Consumer(
          hsaId,
          text(entry.name(), at + ".name"),
          clientIds(entry, at + ".clientIds"),
          grants(entry, at + ".grants"),
          Boolean.TRUE.equals(entry.seesDenied()),
          Boolean.TRUE.equals(entry.batch()));
    }

    /** A consumer that only asks over SOAP has none. */
    private Set<String> clientIds(Entry entry, String at) {
      if (entry.clientIds() == null || entry.clientIds().isEmpty()) {
        return Set.of();
      }
      Set<String> own = texts(entry.clientIds(), at, id -> text(id, at));
      own.forEach(id -> unique(clientIds, id, at, "the client id"));
      return own;
    }

    private List<Grant> grants(Entry entry, String at) {
      return list(entry.grants(), at).stream()
          .map(grant ->
              new Grant(
                  texts(
                      grant.contracts(),
                      at + ".contracts",
                      text ->
                          text(
                              text,
                              at + ".contracts",
                              CONTRACT,
                              "a contract with its major version, such as"
                                  + " GetSubjectOfCareSchedule 1, or *")),
                  texts(
                      grant.addresses(),
                      at + ".addresses",
                      text -> text(text, at + ".addresses", ADDRESS, "an HSA-id or *"))))
          .toList();
    }

    private Set<String> texts(
        @Nullable List<@Nullable String> texts, String at, Function<String, String> check) {
      Set<String> found = new HashSet<>();
      for (String text : list(texts, at)) {
        unique(found, check.apply(text), at, "an entry");
      }
      return found;
    }

    private String text(@Nullable String text, String at) {
      if (text == null || text.isBlank() || text.length() > MAX_TEXT) {
        throw invalid(at, "write 1 to " + MAX_TEXT + " characters");
      }
      return text;
    }

    private String text(@Nullable String text, String at, Pattern shape, String expected) {
      String given = text(text, at);
      if (!shape.matcher(given).matches()) {
        throw invalid(at, "write " + expected);
      }
      return given;
    }

    private <T> List<T> list(@Nullable List<@Nullable T> list, String at) {
      if (list == null || list.isEmpty() || list.size() > MAX_ENTRIES || list.contains(null)) {
        throw invalid(at, "list 1 to " + MAX_ENTRIES + " entries, none of them empty");
      }
      return list.stream().map(Objects::requireNonNull).toList();
    }

    private void unique(Set<String> seen, String value, String at, String what) {
      if (!seen.add(value)) {
        throw invalid(at, what + " stands twice; keep one");
      }
    }

    private InvalidFile invalid(String at, String problem) {
      return new InvalidFile(file, "at " + at + ": " + problem);
    }
  }
}
