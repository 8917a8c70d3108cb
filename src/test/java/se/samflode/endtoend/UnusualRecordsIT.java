package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.readmodel.Kind;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/** What sources of notes may do that no mock region does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnusualRecordsIT {

  private static final Contract NOTES = new Contracts().named("GetCareDocumentation 3");
  private static final String ONE = "SE5565594230-ONE";
  private static final String TWO = "SE5565594230-TWO";
  private static final String TIMEOUTS = "{ connect: 2s, call: 3s }";

  private final HttpCaller caller = new HttpCaller();
  private final IndexUpdates index = new IndexUpdates(caller);
  private final RawProducer one = new RawProducer();
  private final RawProducer two = new RawProducer();
  private final Registry registry = new Registry();
  private final String resident = Residents.withoutBookings(4);

  @BeforeAll
  void register() {
    registry.write(
        registry.original()
            + Registry.producer("raw-one", one.url(), ONE, TIMEOUTS, NOTES.name())
            + Registry.producer("raw-two", two.url(), TWO, TIMEOUTS, NOTES.name()));
  }

  @AfterEach
  void forget() {
    index.delete(resident, ONE, NOTES);
    index.delete(resident, TWO, NOTES);
  }

  @AfterAll
  void remove() {
    registry.close();
    one.close();
    two.close();
  }

  @Test
  void aSourceWhosePagesNeverEndIsReadToALimitAndNotCalledComplete() {
    // given
    AtomicInteger page = new AtomicInteger();
    one.answers(exchange -> {
      int number = page.incrementAndGet();
      answer(note(ONE, "N" + number, 1), "p" + number).handle(exchange);
    });
    index.add(resident, ONE, NOTES);

    // when
    JsonNode answer = ask("");

    // then
    assertThat(one.received()).hasSize(20);
    assertThat(one.received().getLast().body()).contains(">p19<");
    assertThat(answer.path("items")).hasSize(20);
    JsonNode source = HttpCaller.source(answer, ONE);
    assertThat(source.path("outcome").asString()).isEqualTo("LIVE");
    assertThat(source.path("morePages").asBoolean()).isTrue();
    assertThat(answer.path("complete").asBoolean()).isFalse();
  }

  @Test
  void aSourceThatAnswersEveryMarkWithTheSamePageIsReadOnceAndNotCalledComplete() {
    // given
    one.answers(answer(note(ONE, "N1", 1) + note(ONE, "N2", 2), "p1"));
    index.add(resident, ONE, NOTES);

    // when
    JsonNode answer = ask("");

    // then
    assertThat(one.received()).hasSize(2);
    assertThat(answer.path("items").valueStream().map(i -> i.path("documentId").asString()))
        .containsExactly("N2", "N1");
    assertThat(HttpCaller.source(answer, ONE).path("morePages").asBoolean()).isTrue();
    assertThat(answer.path("complete").asBoolean()).isFalse();
  }

  @Test
  void aPageThatBreaksOffLeavesNothingOfItself() {
    // given
    one.answers(exchange -> {
      String notes = note(ONE, "N1", 1);
      if (one.received().getLast().body().contains(">p1<")) {
        answer(notes.replace("N1", "N2") + "<r:careDocumentation><c:broken>", null)
            .handle(exchange);
      } else {
        answer(notes, "p1").handle(exchange);
      }
    });
    index.add(resident, ONE, NOTES);

    // when
    JsonNode answer = ask("");

    // then
    assertThat(one.received()).hasSize(2);
    assertThat(one.received().getLast().body()).contains(">p1<");
    assertThat(answer.path("items").valueStream().map(i -> i.path("documentId").asString()))
        .containsExactly("N1");
    assertThat(HttpCaller.source(answer, ONE).path("morePages").asBoolean()).isTrue();
  }

  @Test
  void aRecordUnderALinkedIdentityIsTheResidents() {
    // given
    String former = Residents.withoutBookings(5);
    JdbcClient database =
        JdbcClient.create(RunningSystem.get().application().getBean(DataSource.class));
    database
        .sql("INSERT INTO identity_link (identity, linked_to, person) VALUES (:old, :new, :new)")
        .param("old", former)
        .param("new", resident)
        .update();
    one.answers(answer(note(ONE, "N1", 1).replace(resident, former), null));
    index.add(resident, ONE, NOTES);

    try {
      // when
      JsonNode answer = ask("");

      // then
      assertThat(HttpCaller.source(answer, ONE).path("outcome").asString()).isEqualTo("LIVE");
      assertThat(answer.path("items")).hasSize(1);
    } finally {
      database.sql("DELETE FROM identity_link WHERE identity = ?").param(former).update();
    }
  }

  @Test
  void aRecordThatTwoAddressesGiveIsOneItemOnAllPages() {
    // given
    List<String> notes =
        IntStream.rangeClosed(1, 9).mapToObj(day -> note(ONE, "N" + day, day)).toList();
    one.answers(answer(String.join("", notes), null));
    two.answers(answer(String.join("", notes) + note(TWO, "N1", 3), null));
    index.add(resident, ONE, NOTES);
    index.add(resident, TWO, NOTES);

    // when
    JsonNode whole = ask("");
    List<JsonNode> inPages = new ArrayList<>();
    JsonNode page = ask("?limit=1");
    page.path("items").forEach(inPages::add);
    while (page.has("next")) {
      page = ask("?limit=1&cursor=" + page.path("next").asString());
      page.path("items").forEach(inPages::add);
    }

    // then
    assertThat(whole.path("items").valueStream()).containsExactlyElementsOf(inPages);
    assertThat(inPages.stream().map(item -> item.path("id").asString())).doesNotHaveDuplicates();
    assertThat(
            inPages.stream()
                .filter(item -> item.path("sourceSystem").asString().equals(ONE))
                .map(item -> item.path("documentId").asString()))
        .containsExactly("N9", "N8", "N7", "N6", "N5", "N4", "N3", "N2", "N1");
    assertThat(inPages).hasSize(10);
    assertThat(whole.path("complete").asBoolean()).isTrue();
    assertThat(HttpCaller.source(whole, ONE).path("items").asInt()).isEqualTo(9);
    assertThat(HttpCaller.source(whole, TWO).path("items").asInt()).isEqualTo(10);
  }

  @Test
  void aRecordThatASourceWritesValidAndWithdrawnIsNotShown() {
    // given
    String note = note(ONE, "N1", 1);
    one.answers(answer(note + note(ONE, "N2", 2) + note + withdrawn(note) + withdrawn(note), null));
    index.add(resident, ONE, NOTES);

    // when
    JsonNode answer = ask("");

    // then
    assertThat(answer.path("items").valueStream().map(i -> i.path("documentId").asString()))
        .containsExactly("N2");
    assertThat(answer.path("complete").asBoolean()).isTrue();
  }

  @Test
  void whatOneAddressWithdrawsIsNotShownFromAnother() {
    // given
    one.answers(answer(withdrawn(note(ONE, "N1", 1)), null));
    two.answers(answer(note(ONE, "N1", 1) + note(TWO, "N1", 2), null));
    index.add(resident, ONE, NOTES);
    index.add(resident, TWO, NOTES);

    // when
    JsonNode answer = ask("");

    // then
    assertThat(answer.path("items").valueStream().map(i -> i.path("sourceSystem").asString()))
        .containsExactly(TWO);
  }

  private static String withdrawn(String note) {
    return note.replace("approvedForPatient>true", "approvedForPatient>false");
  }

  private JsonNode ask(String query) {
    return caller.ask(Kind.CARE_DOCUMENTATION, resident, query, "Prefer", "wait=15");
  }

  private static HttpHandler answer(String notes, @Nullable String next) {
    String more =
        next == null
            ? ""
            : "<r:hasMore><r:logicalAddress>%s</r:logicalAddress><r:reference>%s</r:reference></r:hasMore>"
                .formatted(ONE, next);
    return RawProducer.bytes(
        "text/xml; charset=UTF-8",
        """
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>\
        <r:GetCareDocumentationResponse xmlns:r="%s" xmlns:c="%s">%s%s\
        <r:result><c:resultCode>OK</c:resultCode></r:result>\
        </r:GetCareDocumentationResponse></s:Body></s:Envelope>\
        """
            .formatted(NOTES.interaction().namespace(), NOTES.core(), notes, more)
            .getBytes(UTF_8));
  }

  private String note(String system, String id, int day) {
    return """
    <r:careDocumentation><c:header><c:accessControlHeader>\
    <c:patientId><c:root>1.2.752.129.2.1.3.1</c:root><c:extension>%s</c:extension></c:patientId>\
    <c:blockComparisonTime>20270101080000</c:blockComparisonTime>\
    <c:approvedForPatient>true</c:approvedForPatient></c:accessControlHeader>\
    <c:sourceSystemId><c:root>1.2.752.129.2.1.4.1</c:root><c:extension>%s</c:extension>\
    </c:sourceSystemId><c:record><c:id><c:root>%2$s</c:root><c:extension>%s</c:extension></c:id>\
    <c:timestamp>202701%02d080000</c:timestamp></c:record></c:header>\
    <c:body><c:clinicalDocumentNoteCode><c:code>bes</c:code>\
    <c:codeSystem>1.2.752.129.2.2.2.11</c:codeSystem></c:clinicalDocumentNoteCode>\
    <c:clinicalDocumentNoteTitle>Besök</c:clinicalDocumentNoteTitle>\
    <c:clinicalDocumentNoteText>Mår bra.</c:clinicalDocumentNoteText></c:body>\
    </r:careDocumentation>\
    """
        .formatted(resident, system, id, day);
  }
}
