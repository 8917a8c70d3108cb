package se.samflode.contract;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import org.apache.ws.commons.schema.XmlSchemaCollection;
import org.apache.ws.commons.schema.XmlSchemaEnumerationFacet;
import org.apache.ws.commons.schema.XmlSchemaFacet;
import org.apache.ws.commons.schema.XmlSchemaPatternFacet;
import org.apache.ws.commons.schema.XmlSchemaSimpleType;
import org.apache.ws.commons.schema.XmlSchemaSimpleTypeRestriction;

/** Texts that a simple type takes, and texts that look like them. */
final class SampleTexts {

  private static final List<String> STRINGS = List.of("", " ", "x", "Åsa & Örn <1>\n", "SE232-1");

  private static final Map<String, List<String>> BUILT_IN =
      Map.of(
          "string", STRINGS,
          "boolean", List.of("true", "false", "1", "0", " true "),
          "int", List.of("0", "1", "-5", "+7", "2147483647"),
          "integer", List.of("0", "1", "-5", "+7", "12345678901234567890"),
          "anyURI", List.of("", "urn:x", "https://example.org/a?b=c#d", "riv:crm:scheduling"),
          "base64Binary", List.of("", "eA==", "QUJD", " Q U J D\n"));

  /** What types with patterns take, and what is a little beside that. */
  private static final List<String> PATTERNED =
      List.of(
              "20261124093000 19000101000000 20991231235959 20260229093000 20261100093000",
              "20261132093000 20261324093000 20260024093000 20261124243000 20261124196000",
              "20261124093060 18991124093000 21001124093000 10001124093000 09991124093000",
              "2026112409300 202611240930000 2026-11-24T09:30:00 20\u0662\u06661124093000",
              "20261124 19000101 20260230 20261100 20261131 20261132 21000101 2026112 202611240",
              "2026 202611 202613 20260 0026 -2026 -20260101 +2026 1",
              "191212121212 202312302397 19121212p212 19121212F212 19121212TF12 19121212R21X",
              "19121212r212 1912121212 191212-1212 1912121212120 121212121212",
              "0f8fad5b-d9cb-469f-a165-70867728950e {0F8FAD5B-D9CB-469F-A165-70867728950E}",
              "(0f8fad5b-d9cb-469f-a165-70867728950e} 0f8fad5bd9cb469fa16570867728950e",
              "{0f8fad5bd9cb469fa16570867728950e} 0f8fad5b-d9cb-469f-a165-70867728950",
              "0 -0 01 1.50 1. .5 -1e5 1E+10 1e 4,2 +1")
          .stream()
          .flatMap(line -> Pattern.compile(" ").splitAsStream(line))
          .toList();

  private final XmlSchemaCollection schemas;
  private final Random random;

  SampleTexts(XmlSchemaCollection schemas, Random random) {
    this.schemas = schemas;
    this.random = random;
  }

  /** A text that the type takes. */
  String valid(XmlSchemaSimpleType type) {
    if (!(type.getContent() instanceof XmlSchemaSimpleTypeRestriction restriction)) {
      throw new IllegalStateException(type.getQName() + " is no restriction");
    }
    List<XmlSchemaFacet> facets = restriction.getFacets();
    if (facets.isEmpty()) {
      return valid(restriction.getBaseTypeName());
    }
    if (facets.stream().allMatch(XmlSchemaEnumerationFacet.class::isInstance)) {
      return one(facets).getValue().toString();
    }
    if (facets.size() == 1 && facets.getFirst() instanceof XmlSchemaPatternFacet pattern) {
      Pattern compiled = Pattern.compile(pattern.getValue().toString());
      return one(PATTERNED.stream().filter(compiled.asMatchPredicate()).toList());
    }
    throw new IllegalStateException(type.getQName() + " has facets without samples");
  }

  /** A text that the type with this name takes. */
  String valid(QName type) {
    if (!type.getNamespaceURI().equals(XMLConstants.W3C_XML_SCHEMA_NS_URI)) {
      return valid((XmlSchemaSimpleType) schemas.getTypeByQName(type));
    }
    return one(Objects.requireNonNull(BUILT_IN.get(type.getLocalPart()), type::toString));
  }

  /** A text that may stand instead of another; some types take it, too. */
  static String rubbish(String text, Random random) {
    int at = random.nextInt(text.length() + 1);
    String before = text.substring(0, at);
    String after = text.substring(at);
    String character = String.valueOf("0123456789-.pTRxÅ \u0663{)".charAt(random.nextInt(20)));
    return switch (random.nextInt(5)) {
      case 0 -> before + character + after;
      case 1 -> after.isEmpty() ? before + before : before + character + after.substring(1);
      case 2 -> after.isEmpty() ? "" : before + after.substring(1);
      case 3 -> STRINGS.get(random.nextInt(STRINGS.size()));
      default -> PATTERNED.get(random.nextInt(PATTERNED.size()));
    };
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
