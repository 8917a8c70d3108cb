package se.samflode.access;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import se.samflode.config.InvalidFile;
import se.samflode.config.YamlFiles;
import se.samflode.identity.LogicalAddress;

/** The file of senders as it is written, and its checks. */
record SendersFile(
    @Nullable List<@Nullable ControllerEntry> controllers,
    @Nullable List<@Nullable Entry> senders) {

  private static final int MAX_ENTRIES = 1_000;
  private static final int MAX_TEXT = 300;
  private static final Duration LONGEST_HOLD = Duration.ofDays(365);
  private static final Duration SHORTEST_RETENTION = Duration.ofDays(1);
  private static final Duration LONGEST_RETENTION = Duration.ofDays(36_500);
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
  private static final Pattern ADDRESS =
      Pattern.compile("[\\w#-]{1," + LogicalAddress.MAX_LENGTH + "}");

  record ControllerEntry(
      @Nullable String id, @Nullable String name, @Nullable Duration retention) {}

  record Entry(
      @Nullable String id,
      @Nullable String name,
      @Nullable List<@Nullable String> clientIds,
      @Nullable List<@Nullable String> certificates,
      @Nullable Boolean kafka,
      @Nullable List<@Nullable SystemEntry> sourceSystems) {}

  record SystemEntry(
      @Nullable String id,
      @Nullable String name,
      @Nullable String dataController,
      @Nullable List<@Nullable ReleaseEntry> release) {}

  record ReleaseEntry(@Nullable List<@Nullable String> types, @Nullable Duration after) {}

  /** What the file says. */
  record Content(List<Controller> controllers, List<Sender> senders) {}

  /**
   * Reads and checks the whole file.
   *
   * @throws InvalidFile if it cannot be used
   */
  static Content read(Resource resource) {
    return new Check(resource.getDescription())
        .content(YamlFiles.read(resource, SendersFile.class));
  }

  private static final class Check {

    private final FileChecks checks;
    private final Set<String> controllers = new HashSet<>();

    Check(String file) {
      this.checks = new FileChecks(file, MAX_ENTRIES, MAX_TEXT);
    }

    Content content(SendersFile content) {
      List<ControllerEntry> answering = checks.list(content.controllers(), "controllers");
      List<Controller> known =
          IntStream.range(0, answering.size())
              .mapToObj(i -> controller(answering.get(i), "controllers[" + i + "]"))
              .toList();
      known.forEach(controller -> controllers.add(controller.id()));
      List<Entry> entries = checks.list(content.senders(), "senders");
      return new Content(
          known,
          IntStream.range(0, entries.size())
              .mapToObj(i -> sender(entries.get(i), "senders[" + i + "]"))
              .toList());
    }

    private Controller controller(ControllerEntry entry, String at) {
      String id = checks.text(entry.id(), at + ".id", ADDRESS, "an HSA-id");
      checks.unique(id, at + ".id", "the controller");
      return new Controller(
          id,
          checks.text(entry.name(), at + ".name"),
          retention(entry.retention(), at + ".retention"));
    }

    private Sender sender(Entry entry, String at) {
      String id =
          checks.text(entry.id(), at + ".id", ID, "1 to 40 lower-case letters, digits and hyphens");
      checks.unique(id, at + ".id", "the sender");
      List<SystemEntry> systems = checks.list(entry.sourceSystems(), at + ".sourceSystems");
      return new Sender(
          id,
          checks.text(entry.name(), at + ".name"),
          clientIds(entry.clientIds(), at + ".clientIds"),
          subjects(entry.certificates(), at + ".certificates"),
          Boolean.TRUE.equals(entry.kafka()),
          IntStream.range(0, systems.size())
              .mapToObj(i -> system(systems.get(i), at + ".sourceSystems[" + i + "]"))
              .toList());
    }

    private Sender.SourceSystem system(SystemEntry entry, String at) {
      String id = checks.text(entry.id(), at + ".id", ADDRESS, "an HSA-id");
      checks.unique(id.toUpperCase(Locale.ROOT), at + ".id", "the source system");
      String controller = checks.text(entry.dataController(), at + ".dataController");
      if (!controllers.contains(controller)) {
        throw checks.invalid(at + ".dataController", "name one of the controllers of this file");
      }
      List<ReleaseEntry> releases =
          entry.release() == null ? List.of() : checks.list(entry.release(), at + ".release");
      return new Sender.SourceSystem(
          new LogicalAddress(id),
          checks.text(entry.name(), at + ".name"),
          controller,
          releases.stream().map(release -> release(release, at + ".release")).toList());
    }

    private Sender.Release release(ReleaseEntry entry, String at) {
      Set<String> types = new HashSet<>();
      checks
          .list(entry.types(), at + ".types")
          .forEach(type -> types.add(checks.text(type, at + ".types")));
      return new Sender.Release(types, hold(entry.after(), at + ".after"));
    }

    private Duration hold(@Nullable Duration given, String at) {
      if (given == null
          || given.isZero()
          || given.isNegative()
          || given.compareTo(LONGEST_HOLD) > 0) {
        throw checks.invalid(at, "write a duration of 1s to " + LONGEST_HOLD.toDays() + "d");
      }
      return given;
    }

    private Duration retention(@Nullable Duration given, String at) {
      if (given == null
          || given.compareTo(SHORTEST_RETENTION) < 0
          || given.compareTo(LONGEST_RETENTION) > 0) {
        throw checks.invalid(
            at,
            "write a duration of "
                + SHORTEST_RETENTION.toDays()
                + "d to "
                + LONGEST_RETENTION.toDays()
                + "d");
      }
      return given;
    }

    private Set<String> clientIds(@Nullable List<@Nullable String> given, String at) {
      List<String> ids = texts(given, at);
      ids.forEach(id -> checks.unique(id, at, "the client id"));
      return Set.copyOf(ids);
    }

    /** One subject may be spelled in many ways. */
    private Set<X500Principal> subjects(@Nullable List<@Nullable String> given, String at) {
      List<X500Principal> subjects =
          texts(given, at).stream().map(text -> subject(text, at)).toList();
      subjects.forEach(subject ->
          checks.unique(subject.getName(X500Principal.CANONICAL), at, "the certificate"));
      return Set.copyOf(subjects);
    }

    private X500Principal subject(String text, String at) {
      try {
        return new X500Principal(new LdapName(text).toString());
      } catch (InvalidNameException | IllegalArgumentException e) {
        throw checks.invalid(
            at, "write the subject of a certificate, such as CN=lis.example, O=Lab");
      }
    }

    private List<String> texts(@Nullable List<@Nullable String> given, String at) {
      return given == null || given.isEmpty()
          ? List.of()
          : checks.list(given, at).stream().map(text -> checks.text(text, at)).toList();
    }
  }
}
