package se.samflode.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerReaderTest {

  private static final Contracts CONTRACTS = new Contracts();
  private static final Contract SCHEDULE = CONTRACTS.named("GetSubjectOfCareSchedule 1");
  private static final String RESPONDER = SCHEDULE.interaction().namespace();

  @Test
  void givesEachItemWithAllNamespacesItNeeds() throws Exception {
    // given
    String answer =
        """
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="urn:x">
        <s:Body xmlns:y="urn:y"><r:GetSubjectOfCareScheduleResponse xmlns:r="%s">
        <r:timeslotDetail s:z="1" x:a="b"><y:q xsi:type="x:t"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">å &lt;</y:q></r:timeslotDetail>
        stray<r:timeslotDetail/><o:other xmlns:o="urn:other"><o:deep/></o:other>
        </r:GetSubjectOfCareScheduleResponse></s:Body></s:Envelope>
        """
            .formatted(RESPONDER);

    // when
    List<String> items = read(answer, StandardCharsets.UTF_8, StandardCharsets.UTF_8);

    // then
    assertThat(items).hasSize(2);
    XMLStreamReader alone =
        Xml.atRoot(new ByteArrayInputStream(items.get(0).getBytes(StandardCharsets.UTF_8)), null);
    assertThat(alone.getAttributeValue("urn:x", "a")).isEqualTo("b");
    assertThat(alone.getAttributeValue(Xml.SOAP, "z")).isEqualTo("1");
    assertThat(Xml.nextChild(alone)).isTrue();
    assertThat(alone.getNamespaceURI("x")).isEqualTo("urn:x");
    assertThat(alone.getElementText()).isEqualTo("å <");
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "<r:R><timeslotDetail/></r:R>|WRONG_CONTRACT",
        "<r:R><c:timeslotDetail xmlns:c='urn:riv:crm:scheduling:1'/></r:R>|WRONG_CONTRACT",
        "<r:R><r:timeslotDetails/></r:R>|WRONG_CONTRACT",
        "<r:R/><r:R/>|WRONG_CONTRACT",
        "<q:R xmlns:q='urn:q'/>|WRONG_CONTRACT",
        "|WRONG_CONTRACT",
        "<r:R/></s:Body><s:Body><r:R><r:timeslotDetail/></r:R>|MALFORMED",
        "<s:Fault><faultcode>x</faultcode></s:Fault>|FAULT",
        "<r:R><r:timeslotDetail></r:R>|MALFORMED",
        "<r:R>&entity;</r:R>|MALFORMED",
      })
  void refusesWhatIsNoAnswerOfTheContract(@Nullable String body, Reason reason) {
    // given
    String answer =
        ("<s:Envelope xmlns:s='%s' xmlns:r='%s'><s:Body>"
                + (body == null ? "" : body)
                + "</s:Body></s:Envelope>")
            .formatted(Xml.SOAP, RESPONDER)
            .replace("r:R", "r:GetSubjectOfCareScheduleResponse");

    // when
    SourceFailed failed =
        catchThrowableOfType(
            SourceFailed.class, () -> read(answer, StandardCharsets.UTF_8, StandardCharsets.UTF_8));

    // then
    assertThat(failed.reason()).isEqualTo(reason);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"result", "hasMore", "careDocumentation"})
  void refusesWhatIsOursUnderAnotherNamespace(String name) {
    // given
    Contract contract = CONTRACTS.named("GetCareDocumentation 3");
    String answer =
        "<s:Envelope xmlns:s='%s'><s:Body><r:GetCareDocumentationResponse xmlns:r='%s'><c:%s xmlns:c='%s'>"
                .formatted(Xml.SOAP, contract.interaction().namespace(), name, contract.core())
            + "<c:resultCode>ERROR</c:resultCode></c:%s></r:GetCareDocumentationResponse>"
                .formatted(name)
            + "</s:Body></s:Envelope>";

    // when
    SourceFailed failed =
        catchThrowableOfType(
            SourceFailed.class,
            () ->
                CONTRACTS
                    .reader(contract)
                    .read(
                        new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
                        null,
                        true,
                        (item, original) -> original.xml()));

    // then
    assertThat(failed.reason()).isEqualTo(Reason.WRONG_CONTRACT);
  }

  @ParameterizedTest
  @CsvSource({
    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>&b;</a>",
    "<a/>",
    "no xml",
    "''",
    "<a",
  })
  void refusesWhatIsNoEnvelope(String answer) {
    // when
    SourceFailed failed =
        catchThrowableOfType(
            SourceFailed.class, () -> read(answer, StandardCharsets.UTF_8, StandardCharsets.UTF_8));

    // then
    assertThat(failed.reason()).isEqualTo(Reason.MALFORMED);
  }

  @ParameterizedTest
  @CsvSource({"UTF-8", "ISO-8859-1", "ISO-8859-15", "windows-1252", "UTF-16"})
  void believesTheCharsetOfTheTransport(Charset charset) throws Exception {
    // given
    String answer = answer("<r:timeslotDetail>åäö</r:timeslotDetail>");

    // when
    List<String> items = read(answer, charset, charset);

    // then
    assertThat(items).singleElement().asString().contains("åäö");
  }

  @Test
  void keepsTheSiblingsOfAnItemThatIsNestedTooDeep() throws Exception {
    // given
    String deep = "<a>".repeat(5000) + "</a>".repeat(5000);
    String answer =
        answer(
            "<r:timeslotDetail>"
                + deep
                + "</r:timeslotDetail><r:timeslotDetail>b</r:timeslotDetail>");

    // when
    List<String> items = read(answer, StandardCharsets.UTF_8, StandardCharsets.UTF_8);

    // then
    assertThat(items).hasSize(2);
    assertThat(items.get(0)).hasSizeLessThan(2000);
    assertThat(items.get(1)).contains(">b</").doesNotContain("cut");
    assertThat(items.get(0)).endsWith(" cut");
  }

  private static String answer(String items) {
    return "<s:Envelope xmlns:s='%s'><s:Body><r:%s xmlns:r='%s'>%s</r:%2$s></s:Body></s:Envelope>"
        .formatted(Xml.SOAP, "GetSubjectOfCareScheduleResponse", RESPONDER, items);
  }

  private static List<String> read(String answer, Charset written, @Nullable Charset told)
      throws SourceFailed, IOException {
    List<String> items = new ArrayList<>();
    CONTRACTS
        .reader(SCHEDULE)
        .read(
            new ByteArrayInputStream(answer.getBytes(written)),
            told,
            true,
            (item, xml) ->
                items.add(
                    new String(xml.xml(), StandardCharsets.UTF_8) + (xml.isWhole() ? "" : " cut")));
    return items;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "<c:healthcare_facility>SE1</c:healthcare_facility>|none",
        "<c:healthcare_facility>SE1</c:healthcare_facility><e:isInvitation"
            + " xmlns:e='urn:riv:crm:scheduling:1.1'>true</e:isInvitation>|none",
        "<c:startTimeInclusive>20270115093000</c:startTimeInclusive>|cvc-complex-type.2.4.b at"
            + " timeslotDetail",
        "<c:startTimeInclusive>191212121212</c:startTimeInclusive><c:healthcare_facility>SE1</c:healthcare_facility>|cvc-pattern-valid"
            + " at startTimeInclusive",
        "<c:healthcare_facility>SE1</c:healthcare_facility><c:x191212121212/>|cvc-complex-type.2.4.a"
            + " at an element",
      })
  void tellsTheRuleThatAnItemBreaksAndNoValue(String content, @Nullable String rule)
      throws Exception {
    // when
    List<String> rules = rules(content);

    // then
    if (rule == null) {
      assertThat(rules).isEmpty();
    } else {
      assertThat(rules).contains(rule);
      assertThat(String.join(" ", rules)).doesNotContain("1912");
    }
  }

  @Test
  void judgesAnItemAloneWhateverWasJudgedBeforeIt() throws Exception {
    // given
    String good = "<c:healthcare_facility>SE1</c:healthcare_facility>";
    String large = "<c:subject_of_care>" + "1".repeat(300_000) + "</c:subject_of_care>";
    for (String before : List.of(good, "<c:unknown/>", "<c:healthcare_facility>", large, good)) {
      try {
        rules(before);
      } catch (SourceFailed truncated) {
        assertThat(truncated.reason()).isEqualTo(Reason.MALFORMED);
      }

      // when, then
      assertThat(rules(good)).isEmpty();
      assertThat(rules("<c:unknown/>")).isNotEmpty();
    }
  }

  private static List<String> rules(String content) throws SourceFailed, IOException {
    String answer =
        """
        <s:Envelope xmlns:s="%s" xmlns:c="urn:riv:crm:scheduling:1"><s:Body>
        <r:GetSubjectOfCareScheduleResponse xmlns:r="%s"><r:timeslotDetail>%s</r:timeslotDetail>
        </r:GetSubjectOfCareScheduleResponse></s:Body></s:Envelope>
        """
            .formatted(Xml.SOAP, RESPONDER, content);
    List<String> rules = new ArrayList<>();
    CONTRACTS
        .reader(SCHEDULE)
        .read(
            new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
            null,
            true,
            (item, original) -> rules.addAll(original.brokenRules()));
    return rules;
  }
}
