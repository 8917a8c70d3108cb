package se.samflode.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * Cuts, swaps and repeats parts of items at random, of the resident asked for and of another. What
 * comes out may be anything but an item about somebody else, and nothing may be thrown but that the
 * XML is not well-formed. Each contract has a seed, so that a failure comes back.
 */
class MutatedItemsTest {

  private static final int ROUNDS = 3_000;

  /** Whose header does not say whose the item is. */
  private static final String WITHOUT_RESIDENT = "GetLaboratoryOrderOutcome 4";

  private static final Pattern PIECE = Pattern.compile("<[^>]*>|[^<]+");
  private static final Pattern ELEMENT = Pattern.compile("<(\\w+:\\w+)>[^<>]*</\\1>");

  private static final List<String> CONTROLLED =
      List.of("header/accessControlHeader/patientId/extension");

  /** Where the contracts let an identity stand, told apart from the readers. */
  private static final Map<String, List<String>> IDENTITIES =
      Map.of(
          "GetCareContacts 2", List.of("careContactHeader/patientId/id"),
          "GetCareContacts 3", List.of("careContactHeader/patientId/id"),
          "GetCareDocumentation 2", List.of("careDocumentationHeader/patientId/id"),
          "GetCareDocumentation 3", CONTROLLED,
          "GetCarePlans 2", List.of("carePlanHeader/patientId/id"),
          "GetDiagnosis 2", List.of("diagnosisHeader/patientId/id"),
          "GetLaboratoryOrderOutcome 3", List.of("laboratoryOrderOutcomeHeader/patientId/id"),
          "GetLaboratoryOrderOutcome 4", CONTROLLED,
          "GetReferralOutcome 3", List.of("referralOutcomeHeader/patientId/id"),
          "GetRequestActivities 1", List.of("subjectOfCareId"));

  static List<String> contracts() throws IOException {
    return Items.contracts();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contracts")
  void neverBecomeAnItemAboutSomebodyElse(String contract) throws Exception {
    // given
    Random random = new Random(contract.hashCode());
    String own = Items.everything(contract);
    String namespace = Trees.parse(own).getDocumentElement().lookupNamespaceURI("core");
    String other = own.replace(Items.ASKED.value(), Items.OTHER);
    int read = 0;
    int refused = 0;

    // when
    for (int round = 0; round < ROUNDS; round++) {
      String item = mutated(random.nextBoolean() ? own : other, own, random);
      try {
        ItemResult<?> result = Items.read(contract, item);
        check(contract, namespace, item, result);
        read += result instanceof ItemResult.Read<?> ? 1 : 0;
        refused += result instanceof ItemResult.OtherResident<?> ? 1 : 0;
      } catch (XMLStreamException notWellFormed) {
        // The other thing that may come of it.
      }
    }

    // then
    assertThat(read).isPositive();
    assertThat(refused > 0).isEqualTo(!contract.equals(WITHOUT_RESIDENT));
  }

  private static void check(String contract, String namespace, String item, ItemResult<?> result)
      throws Exception {
    List<String> named;
    try {
      named = identities(contract, namespace, item);
    } catch (SAXException notWellFormed) {
      // A reader does not look at what comes behind the item.
      if (result instanceof ItemResult.Read<?> && !contract.equals(WITHOUT_RESIDENT)) {
        assertThat(item).contains(Items.ASKED.value());
      }
      return;
    }
    boolean somebodyElse =
        named.stream().anyMatch(identity -> !identity.equals(Items.ASKED.value()));
    if (somebodyElse) {
      assertThat(result).as(item).isInstanceOf(ItemResult.OtherResident.class);
    } else if (named.isEmpty() && !contract.equals(WITHOUT_RESIDENT)) {
      assertThat(result).as(item).isNotInstanceOf(ItemResult.Read.class);
    } else {
      assertThat(result).as(item).isNotInstanceOf(ItemResult.OtherResident.class);
    }
  }

  private static List<String> identities(String contract, String namespace, String item)
      throws Exception {
    Element root = Trees.parse(item).getDocumentElement();
    List<String> found = new ArrayList<>();
    for (String path : IDENTITIES.getOrDefault(contract, List.of())) {
      List<Element> at = List.of(root);
      for (String step : path.split("/", -1)) {
        at =
            at.stream()
                .flatMap(element -> Trees.children(element).stream())
                .filter(child ->
                    step.equals(child.getLocalName()) && namespace.equals(child.getNamespaceURI()))
                .toList();
      }
      at.stream()
          .map(MutatedItemsTest::ownText)
          .filter(text -> !text.isEmpty())
          .forEach(found::add);
    }
    return found;
  }

  private static String ownText(Element element) {
    StringBuilder text = new StringBuilder();
    for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node.getNodeType() == org.w3c.dom.Node.TEXT_NODE) {
        text.append(node.getNodeValue());
      }
    }
    return text.toString().strip().replace("-", "").replace("+", "");
  }

  private static String mutated(String item, String donor, Random random) {
    String text = item;
    for (int n = random.nextInt(3); n >= 0; n--) {
      text = changed(text, donor, random);
    }
    return text;
  }

  private static String changed(String text, String donor, Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> text.substring(0, random.nextInt(text.length() + 1));
      case 1 -> cut(text, one(PIECE, text, random), "");
      case 2 -> cut(text, one(ELEMENT, text, random), "");
      case 3 -> cut(text, one(ELEMENT, text, random), one(ELEMENT, donor, random).group());
      case 4 -> cut(text, one(PIECE, text, random), one(PIECE, donor, random).group());
      case 5 -> {
        MatchResult element = one(ELEMENT, text, random);
        yield cut(text, element, element.group() + one(ELEMENT, donor, random).group());
      }
      default -> {
        int at = random.nextInt(text.length() + 1);
        yield text.substring(0, at) + (char) random.nextInt(0x250) + text.substring(at);
      }
    };
  }

  /** One match at random; an empty text where there is none. */
  private static MatchResult one(Pattern pattern, String text, Random random) {
    List<MatchResult> all = pattern.matcher(text).results().toList();
    if (all.isEmpty()) {
      return Pattern.compile("$").matcher("").results().findFirst().orElseThrow();
    }
    return all.get(random.nextInt(all.size()));
  }

  private static String cut(String text, MatchResult what, String by) {
    return text.substring(0, what.start()) + by + text.substring(what.end());
  }
}
