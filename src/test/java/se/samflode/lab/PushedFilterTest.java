package se.samflode.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushedFilterTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<careContactId/>",
        "<careContactId> </careContactId>",
        "<careContactId><x>1</x></careContactId>",
        "<careGiverHSAId><root>1</root><extension/></careGiverHSAId>",
        "<careGiverHSAId/>",
        "<specimenIdentifier/>",
        "<referralIdentifier><extension> </extension></referralIdentifier>",
        "<timePeriod><start/><end>later</end></timePeriod>",
        "<datePeriod><start><x/></start></datePeriod>",
      })
  void anElementWithoutTextLimitsToNothing(String element) {
    // when
    PushedFilter filter = of(element);

    // then
    assertThat(filter).isEqualTo(PushedFilter.EVERYTHING);
  }

  @Test
  void aLimitCountsWithoutTheBlanksAroundIt() {
    // when
    PushedFilter filter =
        of(
            "<careGiverHSAId><root>1</root><extension> SE-C </extension></careGiverHSAId>"
                + "<careContactId>\n c1 \n</careContactId>");

    // then
    assertThat(filter.careGivers()).isEqualTo(List.of("SE-C"));
    assertThat(filter.careContacts()).isEqualTo(List.of("c1"));
  }

  private static PushedFilter of(String element) {
    return PushedFilter.of(("<request>" + element + "</request>").getBytes(UTF_8));
  }
}
