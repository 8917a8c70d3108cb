package se.samflode.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A description of ours, to hold answers and messages against. Immutable. */
public final class OpenApiContract {

  private final String file;
  private final JsonNode document;

  private OpenApiContract(String file) {
    this.file = file;
    try (InputStream in = new ClassPathResource(file).getInputStream()) {
      this.document = new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(file + " must be packaged", e);
    }
  }

  /** The JSON API's (OpenAPI) as it is packaged. */
  public static OpenApiContract load() {
    return new OpenApiContract("contracts/openapi/samflode-v1.yaml");
  }

  /** That of what labs ask (OpenAPI). */
  public static OpenApiContract loadOfLabs() {
    return new OpenApiContract("contracts/openapi/labs-v1.yaml");
  }

  /** That of messages over Kafka (AsyncAPI), whose schemas stand in the same place. */
  public static OpenApiContract ofMessages() {
    return new OpenApiContract("contracts/asyncapi/samflode-v1.yaml");
  }

  /** The whole description. */
  public JsonNode document() {
    return document;
  }

  /** The values of an enumeration among the component schemas. */
  public List<String> valuesOf(String schema) {
    return component(schema).path("enum").valueStream().map(JsonNode::asString).toList();
  }

  /** The component schema of the good answer of a path. */
  public String answerOf(String path) {
    return document
        .path("paths")
        .path(path)
        .at("/get/responses/200/content/application~1json/schema/$ref")
        .asString()
        .replace("#/components/schemas/", "");
  }

  /** Fails unless a JSON body is valid against a component schema, formats of times included. */
  public void assertValid(String schema, String json) {
    assertThat(errors(schema, json)).as("against %s of %s", schema, file).isEmpty();
  }

  /** What is wrong with a JSON body; empty if nothing is. */
  public List<String> errors(String schema, String json) {
    assertThat(component(schema).isMissingNode()).as("%s is described", schema).isFalse();
    ObjectNode root = JsonMapper.shared().createObjectNode();
    root.put("$ref", "#/components/schemas/" + schema);
    root.set("components", document.path("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(root)
        .validate(
            json,
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Error::toString)
        .toList();
  }

  private JsonNode component(String schema) {
    return document.path("components").path("schemas").path(schema);
  }
}
