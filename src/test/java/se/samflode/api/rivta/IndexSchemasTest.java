package se.samflode.api.rivta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import se.samflode.mockregions.OriginalSchemas;

/**
 * Our schemas of the index judge as the published ones do, where those are at hand: a valid
 * document, and every document that comes of it by leaving out, doubling, renaming or emptying one
 * element. Ours differ on purpose in the pattern of residents only, which takes reserve numbers
 * too.
 */
class IndexSchemasTest {

  private static final String CORE = "urn:riv:itintegration:engagementindex:1";
  private static final Pattern ELEMENT = Pattern.compile("<(\\w+:\\w+)( [^>]*)?>[^<]*</\\1>");
  private static final Pattern ANY_ELEMENT =
      Pattern.compile(
          "(?s)<(\\w+:(?:engagement|engagementTransaction|registeredResidentEngagement))>.*?</\\1>");

  private static final String ENGAGEMENT =
      """
      <c:registeredResidentIdentification>202312302397</c:registeredResidentIdentification>
      <c:serviceDomain>riv:crm:scheduling</c:serviceDomain>
      <c:categorization>Booking</c:categorization>
      <c:logicalAddress>SE2321000016-A001</c:logicalAddress>
      <c:businessObjectInstanceIdentifier>booking-1</c:businessObjectInstanceIdentifier>
      <c:clinicalProcessInterestId>NA</c:clinicalProcessInterestId>
      <c:mostRecentContent>20261124093000</c:mostRecentContent>
      <c:sourceSystem>SE2321000016-S001</c:sourceSystem>
      <c:creationTime>20261124093000</c:creationTime>
      <c:updateTime>20261124093000</c:updateTime>
      <c:dataController>SE2321000016-0001</c:dataController>
      <c:owner>SE2321000016-EI02</c:owner>
      """;

  static Stream<Arguments> documents() {
    String transaction =
        "<t:engagementTransaction><c:deleteFlag>false</c:deleteFlag><c:engagement>"
            + ENGAGEMENT
            + "</c:engagement></t:engagementTransaction>";
    return Stream.of(
        Arguments.of("Update", "Update", transaction.repeat(2)),
        Arguments.of("ProcessNotification", "ProcessNotification", transaction.repeat(2)),
        Arguments.of(
            "ProcessNotification",
            "ProcessNotificationResponse",
            "<t:ResultCode>OK</t:ResultCode><t:comment>x</t:comment>"),
        Arguments.of(
            "GetUpdates",
            "GetUpdates",
            "<t:serviceDomain>riv:crm:scheduling</t:serviceDomain>"
                + "<t:timeStamp>20261124093000</t:timeStamp>"
                + "<t:registeredResidentLastFetched>202312302397</t:registeredResidentLastFetched>"),
        Arguments.of(
            "GetUpdates",
            "GetUpdatesResponse",
            "<t:responseIsComplete>true</t:responseIsComplete><t:registeredResidentEngagement>"
                + "<t:registeredResidentIdentification>202312302397</t:registeredResidentIdentification>"
                + "<t:engagement>"
                + ENGAGEMENT
                + "</t:engagement></t:registeredResidentEngagement><t:registeredResidentEngagement>"
                + "<t:registeredResidentIdentification>202312312388</t:registeredResidentIdentification>"
                + "</t:registeredResidentEngagement>"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("documents")
  void judgesAsThePublishedSchemaDoes(String interaction, String root, String content)
      throws Exception {
    // given
    String folder = "itintegration-engagementindex-1.0/";
    OriginalSchemas published =
        OriginalSchemas.atHand(
            folder + "core_components/itintegration_engagementindex_1.0.xsd",
            folder + "interactions/%1$sInteraction/%1$sResponder_1.0.xsd".formatted(interaction));
    Schema ours =
        SchemaFactory.newDefaultInstance()
            .newSchema(
                Path.of(
                        "contracts/rivta/itintegration/engagementindex/%1$s/1/%1$sResponder_1.0.xsd"
                            .formatted(interaction))
                    .toFile());
    List<String> differing = new ArrayList<>();
    int valid = 0;

    // when
    List<String> documents =
        variants(content).map(each -> document(interaction, root, each)).toList();
    for (String document : documents) {
      Element element = parse(document);
      boolean byPublished = holds(() -> published.validate(element));
      boolean byOurs = holds(() -> ours.newValidator().validate(new DOMSource(element)));
      valid += byPublished ? 1 : 0;
      if (byPublished != byOurs) {
        differing.add(document);
      }
    }

    // then
    assertThat(differing).isEmpty();
    assertThat(valid).as("valid of %d", documents.size()).isBetween(1, documents.size() - 1);
  }

  /** The content, and what comes of it when one element is not as it should be. */
  private static Stream<String> variants(String content) {
    List<MatchResult> elements =
        Stream.of(ELEMENT, ANY_ELEMENT).flatMap(p -> p.matcher(content).results()).toList();
    return Stream.concat(
        Stream.of(content, "", content + "<x:more xmlns:x='urn:x'/>", content + "<t:more/>"),
        elements.stream()
            .flatMap(element -> {
              String text = element.group();
              String name = element.group(1);
              return Stream.of(
                      "",
                      text + text,
                      text.replace(name, "x:other xmlns:x='urn:x'")
                          .replace("/x:other xmlns:x='urn:x'", "/x:other"),
                      text.replace(
                          name,
                          name.startsWith("c:")
                              ? "t" + name.substring(1)
                              : "c" + name.substring(1)),
                      "<" + name + "/>",
                      "<" + name + ">x</" + name + ">",
                      "<" + name + ">20261324093000</" + name + ">",
                      text + "<x:more xmlns:x='urn:x'/>")
                  .map(changed ->
                      content.substring(0, element.start())
                          + changed
                          + content.substring(element.end()));
            }));
  }

  private static String document(String interaction, String root, String content) {
    return "<t:%s xmlns:t='urn:riv:itintegration:engagementindex:%sResponder:1' xmlns:c='%s'>%s</t:%s>"
        .formatted(root, interaction, CORE, content, root);
  }

  private static Element parse(String document) throws Exception {
    return DocumentBuilderFactory.newDefaultNSInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(document)))
        .getDocumentElement();
  }

  private static boolean holds(Validation validation) throws IOException {
    try {
      validation.run();
      return true;
    } catch (SAXException e) {
      return false;
    }
  }

  private interface Validation {
    void run() throws IOException, SAXException;
  }
}
