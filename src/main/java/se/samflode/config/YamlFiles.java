package se.samflode.config;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.io.Resource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads YAML files into records, strictly: an unknown key, a missing value for a primitive and a
 * duration without a unit are errors. Stateless, thread-safe.
 */
public final class YamlFiles {

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .addModule(new SimpleModule().addDeserializer(Duration.class, new WithUnit()))
          .build();

  private YamlFiles() {}

  /**
   * Reads one file.
   *
   * @param resource the file, a class path resource or a path
   * @param type the record that the whole file is read into
   * @throws InvalidFile if the file cannot be read or does not have the shape of {@code type}
   */
  public static <T> T read(Resource resource, Class<T> type) {
    String name = resource.getDescription();
    try (InputStream in = resource.getInputStream()) {
      T content = MAPPER.readValue(in, type);
      if (content == null) {
        throw new InvalidFile(name, "the file is empty");
      }
      return content;
    } catch (JacksonException e) {
      throw new InvalidFile(name, describe(e));
    } catch (IOException e) {
      throw new InvalidFile(name, "the file cannot be read; check that it exists and may be read");
    }
  }

  private static String describe(JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    String where = at == null ? "" : "line " + at.getLineNr() + ": ";
    String path =
        e instanceof DatabindException bind && !bind.getPath().isEmpty()
            ? " (at " + bind.getPathReference().replaceAll("[\\w.$]+\\[", "[") + ")"
            : "";
    return where + problem(e) + path;
  }

  /** What is wrong, in words that name nothing of ours but the file's own keys. */
  private static String problem(JacksonException e) {
    Throwable cause = e.getCause();
    return switch (e) {
      case ValueInstantiationException _ when cause != null && cause.getMessage() != null ->
          cause.getMessage();
      case UnrecognizedPropertyException unknown when unknown.getKnownPropertyIds() != null ->
          "the key \"%s\" is unknown; known are %s"
              .formatted(unknown.getPropertyName(), sorted(unknown.getKnownPropertyIds()));
      case InvalidFormatException wrong when wrong.getTargetType().isEnum() ->
          "\"%s\" is unknown; known are %s"
              .formatted(
                  wrong.getValue(),
                  sorted(Arrays.asList(wrong.getTargetType().getEnumConstants())));
      case MismatchedInputException missing when missing.getOriginalMessage().contains("`null`") ->
          "a value is missing";
      default -> e.getOriginalMessage();
    };
  }

  private static String sorted(Collection<?> names) {
    return names.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
  }

  private static final class WithUnit extends StdDeserializer<Duration> {

    WithUnit() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context) {
      String text = parser.getString().strip();
      if (!text.matches("\\d+(ms|s|m|h|d)")) {
        return (Duration)
            context.handleWeirdStringValue(
                Duration.class, text, "write a duration with its unit, such as 500ms, 15s or 2m");
      }
      return DurationStyle.SIMPLE.parse(text);
    }
  }
}
