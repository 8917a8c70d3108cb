package se.samflode.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps docs/events.md and the code equal: operators build alarms on these ids. */
class EventsDocumentTest {

  private static final Path DOCUMENT = Path.of("docs/events.md");

  /** A statement that logs, from the level to its end. */
  private static final Pattern STATEMENT =
      Pattern.compile(
          "(?i)\\bLOG\\s*\\.|\\blog\\s*\\.at|\\.at(?:Error|Warn|Info|Debug|Trace)\\(\\)");

  private static final Pattern EVENT = Pattern.compile("\\.addKeyValue\\(\\s*\"event\",([^;]*)");
  private static final Pattern KEY = Pattern.compile("\\.addKeyValue\\(\\s*\"(\\w+)\"");
  private static final Pattern ID = Pattern.compile("\"([a-z]+\\.[a-z-]+)\"");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z]+\\.[a-z-]+)` \\| (\\w+) \\|([^|]*)\\|.*");

  /** One statement that logs: its events, its keys, and the levels it names. */
  private record Logged(TreeSet<String> events, TreeSet<String> keys, TreeSet<String> levels) {}

  @Test
  void everyStatementThatLogsHasAnEvent() throws IOException {
    // given
    List<String> without = new ArrayList<>();

    // when
    for (String statement : statements()) {
      if (logged(statement).events().isEmpty()) {
        without.add(statement);
      }
    }

    // then
    assertThat(without).as("log with addKeyValue(\"event\", \"area.what-happened\")").isEmpty();
  }

  @Test
  void theDocumentListsTheEventsOfTheCodeWithLevelAndKeys() throws IOException {
    // given
    Map<String, String> code = new TreeMap<>();
    for (String statement : statements()) {
      Logged logged = logged(statement);
      for (String event : logged.events()) {
        code.put(event, String.join(", ", logged.keys()));
      }
    }
    Map<String, String> document = new TreeMap<>();
    Map<String, String> levels = new TreeMap<>();

    // when
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        levels.put(row.group(1), row.group(2));
        document.put(
            row.group(1),
            Stream.of(row.group(3).split(","))
                .map(key -> key.replace("`", "").strip())
                .filter(key -> !key.isEmpty())
                .sorted()
                .collect(Collectors.joining(", ")));
      }
    }

    // then
    assertThat(document).as("events and keys in %s", DOCUMENT).isEqualTo(code);
    for (String statement : statements()) {
      Logged logged = logged(statement);
      assertThat(logged.events())
          .allSatisfy(event -> assertThat(logged.levels()).as(event).contains(levels.get(event)));
    }
  }

  private static Logged logged(String statement) {
    TreeSet<String> events = new TreeSet<>();
    Matcher event = EVENT.matcher(statement);
    if (event.find()) {
      String argument = event.group(1);
      int next = argument.indexOf(".addKeyValue");
      Matcher id = ID.matcher(next < 0 ? argument : argument.substring(0, next));
      while (id.find()) {
        events.add(id.group(1));
      }
    }
    TreeSet<String> keys = new TreeSet<>();
    Matcher key = KEY.matcher(statement);
    while (key.find()) {
      keys.add(key.group(1));
    }
    keys.remove("event");
    TreeSet<String> levels = new TreeSet<>();
    Matcher level = Pattern.compile("\\.at(Error|Warn|Info|Debug|Trace)\\(\\)").matcher(statement);
    while (level.find()) {
      levels.add(level.group(1).toUpperCase(java.util.Locale.ROOT));
    }
    return new Logged(events, keys, levels);
  }

  /** All statements of the application that log; comments are left out. */
  private static List<String> statements() throws IOException {
    List<String> statements = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String code =
            Files.readString(file)
                .replaceAll("(?s)/\\*.*?\\*/", "")
                .replaceAll("(?m)^\\s*//.*$", "");
        for (String statement : code.split("[;{}]", -1)) {
          if (STATEMENT.matcher(statement).find()) {
            statements.add(statement.strip());
          }
        }
      }
    }
    assertThat(statements).isNotEmpty();
    return statements;
  }
}
