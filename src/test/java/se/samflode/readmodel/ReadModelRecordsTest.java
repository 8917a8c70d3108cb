package se.samflode.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every record that is served as JSON. */
class ReadModelRecordsTest {

  /** Those that hold nothing about a resident, and may print themselves. */
  private static final Set<String> HARMLESS =
      Set.of("Code", "Unit", "Clinic", "Named", "DayOrTime");

  static List<Class<?>> records() throws IOException, ClassNotFoundException {
    try (Stream<Path> files = Files.list(Path.of("src/main/java/se/samflode/readmodel"))) {
      List<Class<?>> records = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        if (!name.equals("package-info")) {
          Class<?> type = Class.forName("se.samflode.readmodel." + name);
          Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses()))
              .filter(Class::isRecord)
              .filter(found -> found.isAnnotationPresent(JsonPropertyOrder.class))
              .forEach(records::add);
        }
      }
      return records;
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void writesItsComponentsInTheirOrderAndLeavesOutWhatIsAbsent(Class<?> type) {
    // then
    assertThat(type.getAnnotation(JsonPropertyOrder.class).value())
        .containsExactly(
            Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toArray(String[]::new));
    assertThat(type.getAnnotation(JsonInclude.class).value())
        .isEqualTo(JsonInclude.Include.NON_NULL);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void printsNothingOfAResident(Class<?> type) throws NoSuchMethodException {
    // then
    assertThat(type.getMethod("toString").getDeclaringClass()).isEqualTo(type);
    if (!HARMLESS.contains(type.getSimpleName())) {
      assertThat(Arrays.stream(type.getDeclaredMethods()).map(Object::toString))
          .anyMatch(method -> method.endsWith("toString()") && !method.contains("final"));
    }
  }

  @Test
  void everyKindButBookingsAndRequestsIsClinical() {
    // then
    assertThat(Arrays.stream(Kind.values()).filter(kind -> !kind.clinical()))
        .containsExactly(Kind.BOOKINGS, Kind.REQUEST_STATUS);
    assertThat(Arrays.stream(Kind.values()).filter(kind -> !kind.newestFirst()))
        .containsExactly(Kind.BOOKINGS);
    assertThat(Arrays.stream(Kind.values()).map(Kind::path).collect(Collectors.joining(" ")))
        .isEqualTo(
            "bookings lab-results referral-outcomes diagnoses care-documentation care-contacts"
                + " care-plans request-status");
  }
}
