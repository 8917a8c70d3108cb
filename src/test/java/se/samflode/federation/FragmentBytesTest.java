package se.samflode.federation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import se.samflode.contract.AnswerReader.NextPage;
import se.samflode.contract.Cut;
import se.samflode.federation.Item.Text;

class FragmentBytesTest {

  private static final String XML = "<i><a>ö</a><b>true</b></i>";
  private static final String JSON =
      "{\"id\":\"1\",\"name\":\"\\\"b\\\":true\",\"b\":true,\"c\":1}";

  private final FragmentBytes bytes = new FragmentBytes();
  private final Text xml = Text.xml(XML.getBytes(UTF_8), List.of(new Cut(12, 23)));
  private final Text json = Text.json(JSON.getBytes(UTF_8), List.of("b", "absent"));
  private final Fragment fragment =
      new Fragment(
          7,
          Instant.parse("2027-01-15T10:00:00.123Z"),
          Instant.parse("2027-01-15T10:00:59.999Z"),
          List.of(
              Item.shown("id-1", json, Instant.parse("1921-01-15T10:00:00Z"), xml),
              Item.shown("id-2", json, null, xml),
              Item.hidden("id", xml),
              Item.unreadable("id-2", xml)),
          3,
          List.of("Öppet 8–17"),
          List.of(new NextPage("SE1", "page 2", "<more/>")));

  @Test
  void readsWhatItHasWritten() throws IOException {
    // when
    Fragment read = bytes.read(bytes.serialize(fragment));

    // then
    assertThat(bytes.equals(fragment, bytes.serialize(read))).isTrue();
    assertThat(read).usingRecursiveComparison().isEqualTo(fragment);
    assertThat(written(read.items().getFirst(), true)).isEqualTo(JSON + XML);
    assertThat(written(read.items().getFirst(), false))
        .isEqualTo(JSON.replace(",\"b\":true", ",\"b\":null") + "<i><a>ö</a></i>");
    assertThat(read.shown()).isEqualTo(2);
    assertThat(read.leftOut(true)).isEqualTo(4);
    assertThat(read.leftOut(false)).isEqualTo(3);
  }

  @Test
  void tellsFragmentsApartByWhatLasts() {
    // given
    Text later = Text.xml(XML.replace("true", "null").getBytes(UTF_8), List.of(new Cut(12, 23)));
    Text other = Text.xml(XML.replace("ö", "å").getBytes(UTF_8), List.of(new Cut(12, 23)));

    // then
    assertThat(of(xml, other).saysTheSameAs(of(other, later), null)).isTrue();
    assertThat(of(xml, xml).saysTheSameAs(of(xml, other), null)).isFalse();
    assertThat(of(xml, xml).saysTheSameAs(of(xml), null)).isFalse();
    assertThat(of(xml, xml, other).saysTheSameAs(of(xml, other, other), null)).isFalse();
  }

  @Test
  void whatHasPassedSaysNothingWhereOnlyWhatIsToComeCounts() {
    // given
    Text other = Text.xml(XML.replace("ö", "å").getBytes(UTF_8), List.of(new Cut(12, 23)));
    Instant now = Instant.parse("2027-01-15T11:00:00Z");
    Item passed = Item.shown("passed", json, now.minusSeconds(1), xml);
    Item coming = Item.shown("coming", json, now, other);

    // then
    assertThat(with(passed, coming).saysTheSameAs(with(coming), now)).isTrue();
    assertThat(with(passed, coming).saysTheSameAs(with(coming), null)).isFalse();
    assertThat(with(passed, coming).saysTheSameAs(with(passed), now)).isFalse();
  }

  private static Fragment with(Item... items) {
    return new Fragment(1, Instant.EPOCH, null, List.of(items), 0, List.of(), List.of());
  }

  private static Fragment of(Text... items) {
    return new Fragment(
        1,
        Instant.EPOCH,
        null,
        List.of(items).stream().map(xml -> Item.hidden("", xml)).toList(),
        0,
        List.of(),
        List.of());
  }

  private static String written(Item item, boolean now) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    item.writeJson(out, now);
    item.writeXml(out, now);
    return out.toString(UTF_8);
  }
}
