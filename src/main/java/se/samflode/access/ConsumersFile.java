package se.samflode.access;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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

  /** HSA-id, most often SE and an organisation number, hyphen, letters and digits. */
  private static final Pattern HSA_ID = Pattern.compile("(?=.{1,31}$)[A-Z][A-Z0-9_]*-[A-Za-z0-9]+");

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

    private final FileChecks checks;

    Check(String file) {
      this.checks = new FileChecks(file, MAX_ENTRIES, MAX_TEXT);
    }

    List<Consumer> consumers(ConsumersFile content) {
      List<Entry> entries = checks.list(content.consumers(), "consumers");
      return IntStream.range(0, entries.size())
          .mapToObj(i -> consumer(entries.get(i), "consumers[" + i + "]"))
          .toList();
    }

    private Consumer consumer(Entry entry, String at) {
      String hsaId =
          checks.text(entry.hsaId(), at + ".hsaId", HSA_ID, "an HSA-id such as SE5565594230-1177");
      checks.unique(hsaId.toUpperCase(Locale.ROOT), at + ".hsaId", "the HSA-id");
      return new Consumer(
          hsaId,
          checks.text(entry.name(), at + ".name"),
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
      Set<String> own = texts(entry.clientIds(), at, id -> checks.text(id, at));
      own.forEach(id -> checks.unique(id, at, "the client id"));
      return own;
    }

    private List<Grant> grants(Entry entry, String at) {
      return checks.list(entry.grants(), at).stream()
          .map(grant ->
              new Grant(
                  texts(
                      grant.contracts(),
                      at + ".contracts",
                      text ->
                          checks.text(
                              text,
                              at + ".contracts",
                              CONTRACT,
                              "a contract with its major version, such as"
                                  + " GetSubjectOfCareSchedule 1, or *")),
                  texts(
                      grant.addresses(),
                      at + ".addresses",
                      text -> checks.text(text, at + ".addresses", ADDRESS, "an HSA-id or *"))))
          .toList();
    }

    private Set<String> texts(
        @Nullable List<@Nullable String> texts, String at, Function<String, String> check) {
      Set<String> found = new HashSet<>();
      for (String text : checks.list(texts, at)) {
        if (!found.add(check.apply(text))) {
          throw checks.invalid(at, "an entry stands twice; keep one");
        }
      }
      return found;
    }
  }
}
