package se.samflode.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The house rules of routes: one flow a file, named like its route, for an operator to read. */
class RoutesTest {

  private static final String SUFFIX = ".camel.yaml";

  static Stream<Path> routes() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      return files.toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void isValidAgainstCamelsOwnSchema(Path file) throws IOException {
    // given
    String text =
        new ClassPathResource("schema/camelYamlDsl.json")
            .getContentAsString(StandardCharsets.UTF_8);
    Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4).getSchema(text);

    // then
    assertThat(schema.validate(Files.readString(file), InputFormat.YAML)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void isOneDescribedFlowNamedLikeItsFile(Path file) throws IOException {
    // given
    JsonNode flows = new YAMLMapper().readTree(Files.readString(file));

    // then
    assertThat(file.getFileName().toString()).endsWith(SUFFIX);
    assertThat(flows.size()).isEqualTo(1);
    JsonNode flow = flows.get(0).valueStream().findFirst().orElseThrow();
    assertThat(flow.path("id").asString() + SUFFIX).isEqualTo(file.getFileName().toString());
    assertThat(flow.path("description").asString()).isNotBlank();
    assertThat(flow.findValues("steps").getFirst().valueStream())
        .hasSizeLessThanOrEqualTo(10)
        .allSatisfy(step ->
            assertThat(step.valueStream().findFirst().orElseThrow().path("id").asString())
                .isNotBlank());
  }
}
