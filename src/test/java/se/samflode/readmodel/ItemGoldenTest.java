package se.samflode.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each folder of a contract's folder under src/test/golden/items is a case: an item, and what it
 * becomes. To change an expected answer, paste the actual one from the failure into out-item.json.
 */
class ItemGoldenTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void readsTheItemAsExpected(String name) throws IOException, XMLStreamException {
    // given
    Path folder = Items.EXAMPLES.resolve(name);
    String contract = Items.contract(folder.getName(folder.getNameCount() - 2));

    // when
    ItemResult<?> result = Items.read(contract, Files.readString(folder.resolve("in-item.xml")));

    // then
    String actual = pretty(JSON.valueToTree(outcome(result)));
    assertThat(actual)
        .isEqualTo(pretty(JSON.readTree(Files.readString(folder.resolve("out-item.json")))));
    assertThat(actual).doesNotContain(Items.ASKED.value());
    assertThat(result.toString()).doesNotContain(Items.ASKED.value()).doesNotContain("Åsa");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void leavesNoFileUnused(String name) throws IOException {
    // when
    List<String> files = names(Items.EXAMPLES.resolve(name));

    // then
    assertThat(files).containsExactly("in-item.xml", "out-item.json");
  }

  static List<String> cases() throws IOException {
    try (Stream<Path> folders = Files.walk(Items.EXAMPLES, 2)) {
      return folders
          .filter(folder -> folder.getNameCount() == Items.EXAMPLES.getNameCount() + 2)
          .map(folder -> Items.EXAMPLES.relativize(folder).toString())
          .sorted()
          .toList();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static Object outcome(ItemResult<?> result) {
    return switch (result) {
      case ItemResult.Read<?> read -> read.item();
      case ItemResult.Hidden<?> hidden -> new Left("hidden", "");
      case ItemResult.Bad<?> bad -> new Left("bad", bad.rule());
      case ItemResult.OtherResident<?> other -> new Left("other-resident", "");
    };
  }

  private static String pretty(Object tree) {
    return new String(
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree), StandardCharsets.UTF_8);
  }

  /** How a case writes down an item that is left out. */
  private record Left(String leftOut, String rule) {}
}
