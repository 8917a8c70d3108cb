package se.samflode.api.rivta;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import se.samflode.contract.Interaction;
import se.samflode.contract.Xml;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementTransaction;
import se.samflode.index.UpdateRules;

/**
 * Engagements as XML. Lenient as callers are used to: an element that is missing is left to {@link
 * UpdateRules}, one that is unknown is passed by. Stateless, thread-safe.
 */
final class EngagementXml {

  static final String CORE = "urn:riv:itintegration:engagementindex:1";

  private EngagementXml() {}

  /**
   * The transactions of a request, and one more than allowed where there are too many.
   *
   * @param xml stands on the request's start, ends on its end
   * @param responder the request's namespace
   */
  static List<EngagementTransaction> transactions(XMLStreamReader xml, String responder)
      throws XMLStreamException {
    List<EngagementTransaction> read = new ArrayList<>();
    Children.each(
        xml,
        (namespace, name) -> {
          if (responder.equals(namespace)
              && "engagementTransaction".equals(name)
              && read.size() <= UpdateRules.MAX_TRANSACTIONS) {
            read.add(transaction(xml));
          } else {
            Xml.skip(xml);
          }
        });
    return List.copyOf(read);
  }

  private static EngagementTransaction transaction(XMLStreamReader xml) throws XMLStreamException {
    List<Engagement> engagement = new ArrayList<>();
    List<Boolean> delete = new ArrayList<>();
    Children.each(
        xml,
        (namespace, name) -> {
          if (CORE.equals(namespace) && "deleteFlag".equals(name)) {
            delete.add(flag(xml.getElementText()));
          } else if (CORE.equals(namespace) && "engagement".equals(name)) {
            engagement.add(Engagement.of(Children.texts(xml, CORE, Engagement.FIELDS)));
          } else {
            Xml.skip(xml);
          }
        });
    return new EngagementTransaction(
        !delete.isEmpty() && delete.getLast(),
        engagement.isEmpty() ? Engagement.of(Map.of()) : engagement.getLast());
  }

  private static boolean flag(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new Refusal("EI001: deleteFlag must be true or false");
    };
  }

  /** The answer to what has been stored. */
  static SoapAnswer stored(Interaction interaction) {
    try {
      return new AnswerWriter(interaction)
          .text(interaction.namespace(), "ResultCode", "OK")
          .answer();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("an answer in memory cannot be written", e);
    }
  }

  /** Writes engagements as elements of the responder's namespace. */
  static void writeAll(AnswerWriter xml, String responder, List<Engagement> engagements)
      throws XMLStreamException {
    for (Engagement engagement : engagements) {
      xml.start(responder, "engagement");
      for (Map.Entry<String, String> field : engagement.texts().entrySet()) {
        xml.text(CORE, field.getKey(), field.getValue());
      }
      xml.end();
    }
  }
}
