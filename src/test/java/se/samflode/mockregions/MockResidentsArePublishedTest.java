package se.samflode.mockregions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No number that a real person could have: all that can be made stand in the published lists. */
class MockResidentsArePublishedTest {

  @ParameterizedTest
  @CsvSource({
    "PERSONNUMMER, test-personnummer.txt, 12416",
    "SAMORDNINGSNUMMER, test-samordningsnummer.txt, 730"
  })
  void everyNumberThatCanBeMadeIsPublished(Resident.Kind kind, String list, int all)
      throws IOException {
    // given
    Path folder = Reference.folder("data");
    assumeTrue(
        Files.isDirectory(folder),
        "the lists of test numbers are not at hand; name their parent with -D"
            + Reference.PROPERTY);
    Set<String> published = new HashSet<>(Files.readAllLines(folder.resolve(list)));
    IdentityNumbers numbers = new IdentityNumbers(new SplittableRandom(1));

    // when
    List<String> made = Stream.generate(() -> numbers.next(kind)).limit(all).toList();

    // then
    assertThat(made).doesNotHaveDuplicates();
    assertThat(made.stream().filter(number -> !published.contains(number)).count()).isZero();
  }
}
