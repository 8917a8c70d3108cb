package se.samflode.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.samflode.contract.Xml;
import se.samflode.index.Engagement;

class PulledPageTest {

  @Test
  void asksForEverythingAtFirst() {
    // when
    String first = PulledPage.request("riv:a&b", null, null);
    String second = PulledPage.request("riv:a&b", null, "reserve-1");

    // then
    assertThat(first)
        .isEqualTo(
            """
            <GetUpdates xmlns="urn:riv:itintegration:engagementindex:GetUpdatesResponder:1">\
            <serviceDomain>riv:a&amp;b</serviceDomain>\
            <timeStamp>19000101000000</timeStamp></GetUpdates>\
            """);
    assertThat(second)
        .contains("<registeredResidentLastFetched>reserve-1</registeredResidentLastFetched>");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "2026-07-15T10:00:00Z, 20260715120000",
    "2026-11-24T08:30:00Z, 20261124093000",
    // in the hour that comes twice, the first and the second time: before it
    "2026-10-25T00:30:00Z, 20261025013000",
    "2026-10-25T01:30:00Z, 20261025013000",
    // after it, and after the hour that is missing
    "2026-10-25T02:00:00Z, 20261025030000",
    "2026-03-29T01:30:00Z, 20260329033000"
  })
  void asksInSwedishTimeThatCanBeReadInOneWay(Instant since, String stamp) {
    // when
    String request = PulledPage.request("riv:a", since, null);

    // then
    assertThat(request).contains("<timeStamp>" + stamp + "</timeStamp>");
  }

  @Test
  void readsResidentsWithAndWithoutEngagementsAndPassesAdditionsBy() throws Exception {
    // given
    String answer =
        answer(
            "<x:more xmlns:x='urn:x'/><g:responseIsComplete> 0 </g:responseIsComplete>"
                + resident(
                    "reserve-1",
                    "<g:engagement><c:owner>o</c:owner><c:new>x</c:new></g:engagement>")
                + resident("reserve-2", "<x:more xmlns:x='urn:x'><y/></x:more>"));

    // when
    PulledPage page = read(answer);

    // then
    assertThat(page.complete()).isFalse();
    assertThat(page.told())
        .extracting(PulledPage.Told::resident)
        .containsExactly("reserve-1", "reserve-2");
    assertThat(page.told().getFirst().engagements())
        .extracting(Engagement::owner)
        .containsExactly("o");
    assertThat(page.told().getLast().engagements()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<g:responseIsComplete>maybe</g:responseIsComplete>",
        "<c:responseIsComplete>true</c:responseIsComplete>",
        "<g:responseIsComplete>true</g:responseIsComplete><g:engagement/>",
        "<g:responseIsComplete>true</g:responseIsComplete><registeredResidentEngagement/>",
        "<g:responseIsComplete>true</g:responseIsComplete>"
            + "<g:registeredResidentEngagement><c:engagement/></g:registeredResidentEngagement>",
        "<g:responseIsComplete>true</g:responseIsComplete>"
            + "<g:registeredResidentEngagement><engagement/></g:registeredResidentEngagement>",
        "<g:responseIsComplete>true</g:responseIsComplete>"
            + "<g:registeredResidentEngagement><g:engagement>"
            + "<g:mostRecentContent>20261124093000</g:mostRecentContent>"
            + "</g:engagement></g:registeredResidentEngagement>"
      })
  void refusesWhatCouldPassForResidentsWithoutEngagements(String content) {
    // when
    var reading = assertThatThrownBy(() -> read(answer(content)));

    // then
    reading.isInstanceOf(XMLStreamException.class);
  }

  @Test
  void printsNoResident() throws Exception {
    // given
    PulledPage page =
        read(
            answer(
                "<g:responseIsComplete>true</g:responseIsComplete>" + resident("reserve-1", "")));

    // when
    String printed = List.of(page, page.told(), new PullState.Run(null, "reserve-1")).toString();

    // then
    assertThat(printed).doesNotContain("reserve-1");
  }

  private static String answer(String content) {
    return """
    <g:GetUpdatesResponse xmlns:g="urn:riv:itintegration:engagementindex:GetUpdatesResponder:1"
        xmlns:c="urn:riv:itintegration:engagementindex:1">%s</g:GetUpdatesResponse>\
    """
        .formatted(content);
  }

  private static String resident(String resident, String more) {
    return """
    <g:registeredResidentEngagement>
      <g:registeredResidentIdentification>%s</g:registeredResidentIdentification>%s
    </g:registeredResidentEngagement>\
    """
        .formatted(resident, more);
  }

  private static PulledPage read(String answer) throws XMLStreamException {
    return PulledPage.read(Xml.atRoot(new ByteArrayInputStream(answer.getBytes(UTF_8)), UTF_8));
  }
}
