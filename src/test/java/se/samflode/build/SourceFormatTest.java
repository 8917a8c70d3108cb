package se.samflode.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds all Java to google-java-format. {@code mvn test -Dtest=SourceFormatTest -Dformat=fix}
 * formats the sources instead of complaining.
 */
class SourceFormatTest {

  @Test
  void everySourceIsFormatted() throws Exception {
    // given
    List<String> command = formatter();
    boolean fix = "fix".equals(System.getProperty("format"));
    command.addAll(fix ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    command.addAll(sources());

    // when
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    // then
    assertThat(process.waitFor())
        .as(
            "not formatted; run: mvn test -Dtest=SourceFormatTest -Dformat=fix%n%s",
            fix ? "" : output)
        .isZero();
  }

  private static List<String> formatter() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String part : List.of("api", "code", "file", "parser", "tree", "util")) {
      command.add("--add-exports=jdk.compiler/com.sun.tools.javac." + part + "=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("com.google.googlejavaformat.java.Main");
    return command;
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files.map(Path::toString).filter(f -> f.endsWith(".java")).sorted().toList();
    }
  }
}
