package se.samflode.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

class BookingReaderTest {

  private static final PersonId ASKED = new PersonId("198501012382");
  private static final LogicalAddress SOURCE = new LogicalAddress("SE2321000016-A001");
  private static final String CLINIC =
      "<healthcare_facility>SE2321000016-A001</healthcare_facility>";

  private final BookingReader reader = new BookingReader();

  @Test
  void keepsTheSiblingsOfBadItems() throws XMLStreamException {
    // given
    String answer =
        item(CLINIC + "<bookingId>1</bookingId>")
            + item("<purpose>a<b><c>d</c></b></purpose>")
            + item(CLINIC + "<subject_of_care>198501012390</subject_of_care>")
            + item("<new>" + "<a>".repeat(60) + "</a>".repeat(60) + "</new>" + CLINIC)
            + item(CLINIC + "<reason>" + "a".repeat(ItemLimits.MAX_TEXT + 1) + "</reason>")
            + item("")
            + item(CLINIC + "<bookingId>2</bookingId>");

    // when
    List<ItemResult<Booking>> items = readAll(answer);

    // then
    assertThat(items)
        .hasExactlyElementsOfTypes(
            ItemResult.Read.class,
            ItemResult.Bad.class,
            ItemResult.OtherResident.class,
            ItemResult.Bad.class,
            ItemResult.Bad.class,
            ItemResult.Bad.class,
            ItemResult.Read.class);
    assertThat(items)
        .filteredOn(ItemResult.Bad.class::isInstance)
        .containsExactly(
            new ItemResult.Bad<>("purpose must hold text only"),
            new ItemResult.Bad<>("nesting must not be deeper than 50"),
            new ItemResult.Bad<>("reason must not be longer than 65536 characters"),
            new ItemResult.Bad<>("healthcare_facility must have 1 to 64 characters"));
  }

  @Test
  void readsTheLongestTextAndTheDeepestNesting() throws XMLStreamException {
    // given
    String deep = "<a>".repeat(ItemLimits.MAX_DEPTH - 1);
    String answer =
        item(
            CLINIC
                + deep
                + deep.replace("<", "</")
                + "<reason>"
                + "a".repeat(ItemLimits.MAX_TEXT)
                + "</reason>");

    // when
    List<ItemResult<Booking>> items = readAll(answer);

    // then
    assertThat(items).hasExactlyElementsOfTypes(ItemResult.Read.class);
  }

  @Test
  void sortsByTheInstantOfTheStart() throws XMLStreamException {
    // given
    String start = "<startTimeInclusive>20261025023000</startTimeInclusive>";

    // when
    List<ItemResult<Booking>> items = readAll(item(CLINIC + start) + item(CLINIC));

    // then
    assertThat(items)
        .extracting(item -> ((ItemResult.Read<Booking>) item).sortTime())
        .containsExactly(Instant.parse("2026-10-25T00:30:00Z"), null);
  }

  @Test
  void givesABookingTheSameIdWhateverElseChanges() throws XMLStreamException {
    // given
    LogicalAddress otherCase = new LogicalAddress("se2321000016-a001");
    String moved =
        item(
            CLINIC
                + "<startTimeInclusive>20261203091500</startTimeInclusive>"
                + "<bookingId> 1 </bookingId><purpose>ny text</purpose>");

    // when
    Booking before = only(item(CLINIC + "<bookingId>1</bookingId>"), ASKED, SOURCE);
    Booking after = only(moved, new PersonId("reserve-1"), otherCase);

    // then
    assertThat(before.id()).hasSize(24).matches("[A-Za-z0-9_-]+").isEqualTo(after.id());
  }

  @Test
  void givesDifferentBookingsDifferentIds() throws XMLStreamException {
    // given
    LogicalAddress other = new LogicalAddress("SE2321000016-A002");
    String one = item(CLINIC + "<bookingId>1</bookingId>");

    // when
    List<String> ids =
        List.of(
            only(one, ASKED, SOURCE).id(),
            only(one, ASKED, other).id(),
            only(item(CLINIC + "<bookingId>2</bookingId>"), ASKED, SOURCE).id(),
            only(item(CLINIC), ASKED, SOURCE).id(),
            only(item(CLINIC + "<resourceID>1</resourceID>"), ASKED, SOURCE).id(),
            only(item(CLINIC + "<timeTypeID>1</timeTypeID>"), ASKED, SOURCE).id());

    // then
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void keepsTheIdOfABookingWithoutBookingIdWhenItsRightsEnd() throws XMLStreamException {
    // given
    String own = CLINIC + "<careTypeID>1</careTypeID>";
    String resident = "<subject_of_care>" + ASKED.value() + "</subject_of_care>";
    String right = "<cancel_booking_allowed>true</cancel_booking_allowed>";

    // when
    Booking before = only(item(own + resident + right), ASKED, SOURCE);
    Booking after = only(item(own), ASKED, SOURCE);

    // then
    assertThat(before.id()).isEqualTo(after.id());
  }

  @Test
  void takesAnElementWithoutTextForOneThatIsNotThere() throws XMLStreamException {
    // given
    String empty =
        "<startTimeInclusive>20261203091500</startTimeInclusive>"
            + "<endTimeExclusive> </endTimeExclusive>"
            + "<cancel_booking_allowed/>";

    // when
    Booking booking = only(item(CLINIC + empty), ASKED, SOURCE);

    // then
    assertThat(booking.end()).isNull();
    assertThat(booking.cancellable()).isNull();
  }

  @Test
  void comparesTheResidentButForBlanksSeparatorAndCase() throws XMLStreamException {
    // given
    String spaced = "<subject_of_care>\n " + ASKED.value() + " </subject_of_care>";
    String dashed = "<subject_of_care>19850101-2382</subject_of_care>";
    String other = "<subject_of_care>19850101-2390</subject_of_care>";

    // when
    List<ItemResult<Booking>> items =
        readAll(item(CLINIC + spaced) + item(CLINIC + dashed) + item(CLINIC + other));

    // then
    assertThat(items)
        .hasExactlyElementsOfTypes(
            ItemResult.Read.class, ItemResult.Read.class, ItemResult.OtherResident.class);
  }

  @Test
  void saysOtherResidentEvenIfTheRightOneStandsBeside() throws XMLStreamException {
    // given
    String both =
        "<subject_of_care>198501012390</subject_of_care>"
            + "<subject_of_care>198501012382</subject_of_care>";

    // when
    List<ItemResult<Booking>> items = readAll(item(CLINIC + both));

    // then
    assertThat(items).containsExactly(new ItemResult.OtherResident<>());
  }

  @Test
  void refusesEntitiesInATimeslot() throws XMLStreamException {
    // when
    List<ItemResult<Booking>> items =
        readAll(item(CLINIC + "<reason>&secret;</reason>") + item(CLINIC));

    // then
    assertThat(items)
        .hasExactlyElementsOfTypes(ItemResult.Bad.class, ItemResult.Read.class)
        .startsWith(new ItemResult.Bad<>("entities are not allowed"));
  }

  @ParameterizedTest(name = "item {index}")
  @ValueSource(
      strings = {"<reason>\u0001</reason>", "<reason>a", "<reason>a</purpose>", "<a &", "<x:y/>"})
  void failsOnXmlThatIsNotWellFormed(String inner) {
    // when
    var reading = assertThatExceptionOfType(XMLStreamException.class);

    // then
    reading.isThrownBy(() -> readAll(item(CLINIC + inner)));
  }

  @Test
  void mustStandAtAStartTag() throws XMLStreamException {
    // given
    XMLStreamReader in = open(item(CLINIC));

    // when
    in.next();
    in.next();
    in.next();
    in.next();

    // then
    assertThat(in.isCharacters()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> reader.read(in, ASKED::isWrittenAs, SOURCE));
  }

  private Booking only(String item, PersonId asked, LogicalAddress source)
      throws XMLStreamException {
    XMLStreamReader in = open(item);
    in.nextTag();
    in.nextTag();
    return ((ItemResult.Read<Booking>) reader.read(in, asked::isWrittenAs, source)).item();
  }

  private List<ItemResult<Booking>> readAll(String answer) throws XMLStreamException {
    XMLStreamReader in = open(answer);
    List<ItemResult<Booking>> items = new ArrayList<>();
    in.nextTag();
    while (in.nextTag() == XMLStreamReader.START_ELEMENT) {
      items.add(reader.read(in, ASKED::isWrittenAs, SOURCE));
      in.require(XMLStreamReader.END_ELEMENT, null, "timeslotDetail");
    }
    return items;
  }

  private static XMLStreamReader open(String answer) throws XMLStreamException {
    InputFactoryImpl factory = new InputFactoryImpl();
    factory.setProperty(InputFactoryImpl.IS_REPLACING_ENTITY_REFERENCES, false);
    return factory.createXMLStreamReader(
        new StringReader("<answer xmlns=\"urn:riv:crm:scheduling:1\">" + answer + "</answer>"));
  }

  private static String item(String inner) {
    return "<timeslotDetail>" + inner + "</timeslotDetail>";
  }
}
