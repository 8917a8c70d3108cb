package se.samflode.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each folder under src/test/golden/bookings is a case: a timeslot, and what it becomes. To change
 * an expected answer, paste the actual one from the failure into out-booking.json.
 */
class BookingGoldenTest {

  private static final Path CASES = Path.of("src/test/golden/bookings");
  private static final PersonId ASKED = new PersonId("198501012382");
  private static final LogicalAddress SOURCE = new LogicalAddress("SE2321000016-A001");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void readsTheTimeslotAsExpected(String name) throws IOException, XMLStreamException {
    // given
    Path folder = CASES.resolve(name);
    XMLStreamReader in =
        new InputFactoryImpl()
            .createXMLStreamReader(Files.newInputStream(folder.resolve("in-timeslot.xml")));
    in.nextTag();

    // when
    ItemResult<Booking> item = new BookingReader().read(in, ASKED::isWrittenAs, SOURCE);

    // then
    assertThat(pretty(JSON.valueToTree(outcome(item))))
        .isEqualTo(pretty(JSON.readTree(Files.readString(folder.resolve("out-booking.json")))));
    assertThat(item.toString()).doesNotContain(ASKED.value()).doesNotContain("Åsa");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void leavesNoFileUnused(String name) throws IOException {
    // when
    List<String> files = names(CASES.resolve(name));

    // then
    assertThat(files).containsExactly("in-timeslot.xml", "out-booking.json");
  }

  static List<String> cases() throws IOException {
    return names(CASES);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static Object outcome(ItemResult<Booking> item) {
    return switch (item) {
      case ItemResult.Read<Booking> read -> read.item();
      case ItemResult.Hidden<Booking> hidden -> new Left("hidden", "");
      case ItemResult.Bad<Booking> bad -> new Left("bad", bad.rule());
      case ItemResult.OtherResident<Booking> other -> new Left("other-resident", "");
    };
  }

  private static String pretty(Object tree) {
    return new String(
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree), StandardCharsets.UTF_8);
  }

  /** How a case writes down an item that is left out. */
  private record Left(String leftOut, String rule) {}
}
