package se.samflode.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Keeps the settings of docs/operations.md and those of the code equal. */
class OperationsDocumentTest {

  private static final Path DOCUMENT = Path.of("docs/operations.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `(samflode\\.[a-z.-]+)` \\| ([^|]*) \\|.*");

  @Test
  void listsEverySettingWithItsDefault() throws IOException {
    // given
    Map<String, String> code = new TreeMap<>();
    for (JavaClass settings :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("se.samflode")) {
      if (settings.isAnnotatedWith(ConfigurationProperties.class)) {
        String prefix = settings.getAnnotationOfType(ConfigurationProperties.class).value();
        for (Parameter setting : settings.reflect().getDeclaredConstructors()[0].getParameters()) {
          DefaultValue fallback = setting.getAnnotation(DefaultValue.class);
          code.put(
              prefix + "." + kebab(setting.getName()),
              fallback == null ? "" : String.join(",", fallback.value()));
        }
      }
    }

    // when
    Map<String, String> document = new TreeMap<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Matcher value = Pattern.compile("`(.*)`").matcher(row.group(2));
        document.put(row.group(1), value.matches() ? value.group(1) : "");
      }
    }

    // then
    assertThat(document).as("settings and defaults in %s", DOCUMENT).isEqualTo(code);
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
