package se.samflode.federation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import se.samflode.federation.Item.Text;
import se.samflode.identity.LogicalAddress;
import se.samflode.readmodel.Readers;

class FragmentTest {

  private static final LogicalAddress SYSTEM = new LogicalAddress("SE2321000016-LAB1");
  private static final Text XML = Text.xml("<x/>".getBytes(UTF_8), List.of());
  private static final Text JSON = Text.json("{}".getBytes(UTF_8), List.of());

  @Test
  void isWithoutEveryCopyOfARecordThatIsHeldHere() {
    // given
    String held = Readers.recordId(SYSTEM, "R1");
    String other = Readers.recordId(SYSTEM, "R2");
    Fragment fragment =
        new Fragment(
            1,
            Instant.EPOCH,
            null,
            List.of(
                Item.shown(held, JSON, null, XML),
                Item.shown(held + "-1", JSON, null, XML),
                Item.hidden(held, XML),
                Item.unreadable(held, XML),
                Item.shown(other, JSON, null, XML),
                Item.unreadable("", XML)),
            0,
            List.of(),
            List.of());

    // then
    assertThat(fragment.without(Set.of(held)).items())
        .extracting(Item::id)
        .containsExactly(other, "");
    assertThat(fragment.without(Set.of("another"))).isSameAs(fragment);
  }
}
