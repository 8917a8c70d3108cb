package se.samflode.api.rivta;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import se.samflode.contract.AnswerReader.NextPage;
import se.samflode.contract.Contract;
import se.samflode.contract.Xml;
import se.samflode.federation.Answer;
import se.samflode.federation.Answering;
import se.samflode.federation.Fragment;
import se.samflode.federation.ItemOrder;
import se.samflode.federation.Outcome;

/**
 * Writes the response element of an aggregated answer: the items as the producers wrote them, in
 * order of time; what producers have more; and the result element where the contract has one in
 * aggregated answers, with the producers' texts in it.
 */
final class AggregatedBody {

  private AggregatedBody() {}

  /** Writes the element in UTF-8, without XML declaration. */
  static void write(Contract contract, Answer answer, OutputStream out) throws IOException {
    String namespace = contract.interaction().namespace();
    try {
      XMLStreamWriter xml = Xml.writer(out);
      xml.writeStartElement("r", contract.interaction().response().getLocalPart(), namespace);
      xml.writeNamespace("r", namespace);
      // An empty text closes the start tag, so that XML can follow as bytes.
      xml.writeCharacters("");
      xml.flush();
      for (Answer.Piece piece : answer.items(ItemOrder.OLDEST_FIRST)) {
        piece.item().writeXml(out, piece.now());
      }
      for (Fragment fragment : answer.fragments()) {
        for (NextPage page : fragment.nextPages()) {
          out.write(page.xml().getBytes(StandardCharsets.UTF_8));
        }
      }
      Contract.Result result = contract.result();
      if (result != null && !result.aggregated().isEmpty()) {
        writeResult(xml, contract, result, texts(answer));
      }
      xml.writeEndElement();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  private static void writeResult(
      XMLStreamWriter xml, Contract contract, Contract.Result result, List<String> texts)
      throws XMLStreamException {
    xml.writeStartElement("r", "result", contract.interaction().namespace());
    xml.writeNamespace("c", contract.core());
    for (Map.Entry<String, String> child : result.aggregated().entrySet()) {
      text(xml, contract.core(), child.getKey(), child.getValue());
    }
    if (!texts.isEmpty()) {
      text(xml, contract.core(), result.text(), String.join("\n", texts));
    }
    xml.writeEndElement();
  }

  private static void text(XMLStreamWriter xml, String namespace, String name, String value)
      throws XMLStreamException {
    xml.writeStartElement("c", name, namespace);
    xml.writeCharacters(value);
    xml.writeEndElement();
  }

  /** What the producers say to people, each with who says it. */
  private static List<String> texts(Answer answer) {
    List<String> texts = new ArrayList<>();
    for (Outcome outcome : answer.outcomes()) {
      Answering producer = outcome.producer();
      String who = producer == null ? outcome.from().value() : producer.name();
      outcome.messages().forEach(message -> texts.add(who + ": " + message));
    }
    return texts;
  }
}
