package se.samflode.contract;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads producers' SOAP answers of one contract as a stream: one item at a time, nothing of the
 * document is held but the item at hand. Keeps no state; thread-safe.
 */
public final class AnswerReader {

  private static final int MAX_MESSAGES = 20;
  private static final int MAX_MESSAGE = 2_000;
  private static final int MAX_NEXT_PAGES = 100;
  private static final int MAX_MARK = 4_000;

  /** Bytes of the element that tells of a page: what is not an item is in no budget. */
  private static final int MAX_PAGE_XML = 16 * 1024;

  private final Contract contract;
  private final ItemSchema schema;

  AnswerReader(Contract contract, ItemSchema schema) {
    this.contract = contract;
    this.schema = schema;
  }

  /** Takes the items of an answer, in the order in which they stand. */
  public interface Items {
    /**
     * Takes one item.
     *
     * @param item a reader at the start of the item; it may be left anywhere up to the item's end
     * @param original what the reader has passed by; using it reads to the item's end
     * @throws XMLStreamException if the item is not well-formed
     * @throws SourceFailed if this item makes the whole answer unusable
     * @throws IOException if the transport failed, or a limit of what may be kept is passed
     */
    void next(XMLStreamReader item, OriginalItem original)
        throws XMLStreamException, SourceFailed, IOException;
  }

  /** An item as the producer wrote it. */
  public interface OriginalItem {
    /** Its XML in UTF-8, without XML declaration, with its namespaces declared on it. */
    byte[] xml() throws XMLStreamException;

    /** Whether that is all of it: what is nested too deep is not kept. */
    boolean isWhole() throws XMLStreamException;

    /** What of that XML holds for a moment only, in ascending order. */
    List<Cut> momentary() throws XMLStreamException;

    /** The identities it says it is about. */
    List<String> residents() throws XMLStreamException;

    /** The care units it says it belongs to. */
    List<String> careUnits() throws XMLStreamException;

    /**
     * Which rules of its schema it breaks, each with the element at which that was seen; never a
     * value. Empty where nobody looks.
     */
    List<String> brokenRules() throws XMLStreamException;
  }

  /**
   * What an answer holds beside its items. Immutable.
   *
   * @param messages texts for people, from its result element
   * @param nextPages marks of pages that were cut off
   */
  public record Rest(List<String> messages, List<NextPage> nextPages) {
    /** Copies the lists. */
    public Rest {
      messages = List.copyOf(messages);
      nextPages = List.copyOf(nextPages);
    }
  }

  /**
   * Where a producer has more. Immutable.
   *
   * @param address the logical address that has it, as the producer wrote it
   * @param reference the producer's own mark, at most 4,000 characters
   * @param xml the element that told it, with its namespaces declared on it
   */
  public record NextPage(String address, String reference, String xml) {}

  /**
   * Reads one answer to its end.
   *
   * @param in the body; the caller bounds and closes it
   * @param charset the charset of Content-Type, {@code null} if it names none
   * @param validated whether items are judged by the contract's schema
   * @throws SourceFailed MALFORMED, WRONG_CONTRACT or FAULT, or what {@code items} throws; FAULT
   *     also where the result element says ERROR
   * @throws IOException if the transport failed
   */
  public Rest read(InputStream in, @Nullable Charset charset, boolean validated, Items items)
      throws SourceFailed, IOException {
    Rest rest = new Rest(List.of(), List.of());
    try {
      XMLStreamReader xml = Xml.atRoot(in, charset);
      if (!Xml.at(xml, Xml.SOAP, "Envelope")) {
        throw new SourceFailed(Reason.MALFORMED);
      }
      Map<String, String> scope = new HashMap<>();
      declare(xml, scope);
      boolean body = false;
      while (Xml.nextChild(xml)) {
        if (!Xml.at(xml, Xml.SOAP, "Body")) {
          Xml.skip(xml);
        } else if (body) {
          throw new SourceFailed(Reason.MALFORMED);
        } else {
          body = true;
          declare(xml, scope);
          rest = new Body(xml, items, scope, validated).read();
        }
      }
      if (!body) {
        throw new SourceFailed(Reason.MALFORMED);
      }
      while (xml.hasNext()) {
        xml.next();
      }
      return rest;
    } catch (XMLStreamException e) {
      if (e.getNestedException() instanceof IOException io
          && !(io instanceof CharConversionException)
          && !(io instanceof CharacterCodingException)
          && !(io instanceof UnsupportedEncodingException)) {
        throw io;
      }
      throw new SourceFailed(Reason.MALFORMED);
    }
  }

  /** One body on its way. */
  private final class Body {

    private final XMLStreamReader xml;
    private final Items items;
    private final ItemSchema.@Nullable Check check;
    private final Map<String, String> scope;
    private final List<String> messages = new ArrayList<>();
    private final List<NextPage> nextPages = new ArrayList<>();

    Body(XMLStreamReader xml, Items items, Map<String, String> scope, boolean validated) {
      this.xml = xml;
      this.check = validated ? schema.check() : null;
      this.items = items;
      this.scope = scope;
    }

    Rest read() throws XMLStreamException, SourceFailed, IOException {
      if (!Xml.nextChild(xml)) {
        throw new SourceFailed(Reason.WRONG_CONTRACT);
      }
      if (Xml.at(xml, Xml.SOAP, "Fault")) {
        throw new SourceFailed(Reason.FAULT);
      }
      if (!xml.getName().equals(contract.interaction().response())) {
        throw new SourceFailed(Reason.WRONG_CONTRACT);
      }
      declare(xml, scope);
      while (Xml.nextChild(xml)) {
        child();
      }
      if (Xml.nextChild(xml)) {
        throw new SourceFailed(Reason.WRONG_CONTRACT);
      }
      if (check != null) {
        schema.takeBack(check);
      }
      return new Rest(messages, nextPages);
    }

    private void child() throws XMLStreamException, SourceFailed, IOException {
      String own = contract.interaction().namespace();
      String namespace = xml.getNamespaceURI();
      Contract.Result result = contract.result();
      Contract.More more = contract.more();
      if (Xml.at(xml, own, contract.item().element())) {
        item();
      } else if (result != null
          && Xml.at(xml, result.namespace() == null ? own : result.namespace(), "result")) {
        result(result);
      } else if (more != null && Xml.at(xml, own, more.element())) {
        more(more);
      } else if (namespace == null
          || namespace.isEmpty()
          || namespace.equals(own)
          || isNamedAsOneOfOurs(xml.getLocalName())) {
        // An item under a wrong name must not pass for an answer without items, nor an ERROR or a
        // further page under one for an answer that is whole.
        throw new SourceFailed(Reason.WRONG_CONTRACT);
      } else {
        Xml.skip(xml);
      }
    }

    private boolean isNamedAsOneOfOurs(String name) {
      Contract.More more = contract.more();
      return name.equals(contract.item().element())
          || (contract.result() != null && name.equals("result"))
          || (more != null && name.equals(more.element()));
    }

    private void item() throws XMLStreamException, SourceFailed, IOException {
      Contract.Item described = contract.item();
      XmlTee.Watch residents = watch(described.resident());
      XmlTee.Watch careUnits = watch(described.careUnit());
      List<XmlTee.Piece> momentary = described.momentary().stream().map(XmlTee.Piece::new).toList();
      XmlTee tee =
          new XmlTee(
              xml,
              scope,
              Stream.of(residents, careUnits).filter(Objects::nonNull).toList(),
              momentary,
              check);
      items.next(
          tee,
          new OriginalItem() {
            @Override
            public byte[] xml() throws XMLStreamException {
              tee.finish();
              return tee.bytes();
            }

            @Override
            public boolean isWhole() throws XMLStreamException {
              tee.finish();
              return tee.isWhole();
            }

            @Override
            public List<Cut> momentary() throws XMLStreamException {
              tee.finish();
              return momentary.stream()
                  .flatMap(piece -> piece.places().stream())
                  .sorted(Comparator.comparingInt(Cut::from))
                  .toList();
            }

            @Override
            public List<String> residents() throws XMLStreamException {
              tee.finish();
              return texts(residents);
            }

            @Override
            public List<String> careUnits() throws XMLStreamException {
              tee.finish();
              return texts(careUnits);
            }

            @Override
            public List<String> brokenRules() throws XMLStreamException {
              tee.finish();
              return check == null ? List.of() : List.copyOf(check.broken());
            }
          });
      tee.finish();
    }

    private static XmlTee.@Nullable Watch watch(@Nullable String path) {
      return path == null ? null : new XmlTee.Watch(path, false);
    }

    private static List<String> texts(XmlTee.@Nullable Watch watch) {
      return watch == null ? List.of() : watch.texts();
    }

    /** Not within a character of two halves: half of one can be written to nobody. */
    private static String cut(String message) {
      if (message.length() <= MAX_MESSAGE) {
        return message;
      }
      int end =
          Character.isHighSurrogate(message.charAt(MAX_MESSAGE - 1))
              ? MAX_MESSAGE - 1
              : MAX_MESSAGE;
      return message.substring(0, end);
    }

    private void result(Contract.Result result) throws XMLStreamException, SourceFailed {
      XmlTee.Watch code = new XmlTee.Watch("resultCode", false);
      XmlTee.Watch text = new XmlTee.Watch(result.text(), false);
      new XmlTee(xml, scope, List.of(code, text), List.of(), null).finish();
      text.texts().stream()
          .filter(message -> !message.isEmpty() && messages.size() < MAX_MESSAGES)
          .map(Body::cut)
          .forEach(messages::add);
      if (code.texts().contains("ERROR")) {
        throw new SourceFailed(Reason.FAULT, messages);
      }
    }

    private void more(Contract.More more) throws XMLStreamException, SourceFailed {
      XmlTee.Watch address = new XmlTee.Watch(more.address(), false);
      XmlTee.Watch reference = new XmlTee.Watch(more.reference(), false);
      XmlTee tee = new XmlTee(xml, scope, List.of(address, reference), List.of(), null);
      tee.finish();
      String mark = reference.texts().isEmpty() ? "" : reference.texts().getLast();
      if (mark.isEmpty() || mark.length() > MAX_MARK || nextPages.size() >= MAX_NEXT_PAGES) {
        throw new SourceFailed(Reason.MALFORMED);
      }
      byte[] told = tee.bytes();
      if (told.length > MAX_PAGE_XML) {
        throw new SourceFailed(Reason.MALFORMED);
      }
      String at = address.texts().isEmpty() ? "" : address.texts().getLast();
      nextPages.add(new NextPage(at, mark, new String(told, StandardCharsets.UTF_8)));
    }
  }

  private static void declare(XMLStreamReader xml, Map<String, String> scope) {
    for (int i = 0; i < xml.getNamespaceCount(); i++) {
      String prefix = xml.getNamespacePrefix(i);
      String uri = xml.getNamespaceURI(i);
      scope.put(prefix == null ? "" : prefix, uri == null ? "" : uri);
    }
  }
}
