package se.samflode.contract;

import java.util.Set;
import java.util.regex.Pattern;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Where our schemas judge otherwise than the published ones, on purpose. Each takes itself out of a
 * document, so that everything else in it is still compared.
 */
enum Trap {
  /** Ours take reserve numbers. */
  RESERVE_NUMBER,

  /** Of the two own domains of the engine, ours refuse the day 00 as the engine does. */
  DAY_00,

  /** Published with the namespaces {@code #other} and {@code # other} instead of ##other. */
  MISSPELLED_WILDCARD;

  private static final String INDEX = "itintegration:engagementindex";

  private static final Set<String> RESIDENTS =
      Set.of(
          "subject_of_care",
          "subjectOfCareId",
          "registeredResidentIdentification",
          "registeredResidentLastFetched");

  private static final Pattern RESERVE_OR_OTHER = Pattern.compile("[0-9]{8}[0-9A-Zptf]{4}");

  private static final Set<String> TIMES =
      Set.of("mostRecentContent", "creationTime", "updateTime", "timeStamp", "pingDateTime");

  private static final Pattern WITH_DAY_00 = Pattern.compile("[0-9]{6}00[0-9]{6}");

  /** A copy of the document without what the schemas of this domain judge differently. */
  static Document without(Document document, String domain) {
    Document copy = (Document) document.cloneNode(true);
    NodeList all = copy.getElementsByTagName("*");
    for (Trap trap : values()) {
      for (int i = 0; i < all.getLength() && trap.isIn(domain); i++) {
        trap.takeOutOf((Element) all.item(i));
      }
    }
    return copy;
  }

  private boolean isIn(String domain) {
    return switch (this) {
      case RESERVE_NUMBER -> domain.startsWith("crm:") || domain.equals(INDEX);
      case DAY_00 -> domain.equals(INDEX) || domain.equals("itintegration:monitoring");
      case MISSPELLED_WILDCARD -> domain.equals("crm:requeststatus");
    };
  }

  private void takeOutOf(Element element) {
    switch (this) {
      case RESERVE_NUMBER -> replace(element, RESIDENTS, RESERVE_OR_OTHER, "191212121212");
      case DAY_00 -> replace(element, TIMES, WITH_DAY_00, "not a time");
      case MISSPELLED_WILDCARD -> {
        switch (element.getLocalName()) {
          case "GetRequestActivities" -> removeForeignLast(element, element.getNamespaceURI());
          case "requestActivity" -> removeForeignLast(element, "urn:riv:crm:requeststatus:1");
          default -> {}
        }
      }
    }
  }

  private static void replace(Element element, Set<String> names, Pattern text, String by) {
    if (names.contains(element.getLocalName())
        && text.matcher(element.getTextContent()).matches()) {
      element.setTextContent(by);
    }
  }

  private static void removeForeignLast(Element parent, String own) {
    while (parent.getLastChild() instanceof Element last
        && last.getNamespaceURI() != null
        && !last.getNamespaceURI().equals(own)) {
      parent.removeChild(last);
    }
  }
}
