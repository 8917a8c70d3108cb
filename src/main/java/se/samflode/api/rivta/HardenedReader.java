package se.samflode.api.rivta;

import com.ctc.wstx.api.WstxInputProperties;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request with everything bounded: bytes, time, depth, number of elements, lengths. No DTD,
 * no entity beyond XML's own five. For one thread.
 */
final class HardenedReader extends StreamReaderDelegate {

  /** Largest request of any kind, bytes. */
  static final int MAX_BYTES = 10 * 1024 * 1024;

  /** Depth of the element in the SOAP body. */
  static final int BODY_CHILD = 3;

  static final String LIMITS = "(depth 100, 200000 elements, 1 MB of text in an element)";

  static final String WRONG_CHARSET = "The request must be in UTF-8 or UTF-16";

  private static final Pattern CHARSET =
      Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\\s;\"]+)");

  /** Longest time to receive a request: beyond it the caller has given up or means harm. */
  private static final Duration MAX_TIME = Duration.ofSeconds(30);

  private static final Set<String> CHARSETS = Set.of("UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE");

  private static final XMLInputFactory FACTORY = factory();

  private final Map<String, String> scope = new HashMap<>();
  private int depth;

  private HardenedReader(XMLStreamReader reader) {
    super(reader);
  }

  /**
   * Begins to read.
   *
   * @param charset from the content type, one that {@link #reads}; null if it names none
   * @param largest the largest request, whole kB in bytes
   */
  static HardenedReader open(InputStream body, @Nullable String charset, int largest, Clock clock)
      throws XMLStreamException {
    InputStream bounded = new Bounded(body, largest, clock);
    XMLStreamReader reader =
        charset == null
            ? FACTORY.createXMLStreamReader(bounded)
            : FACTORY.createXMLStreamReader(bounded, charset);
    String declared = reader.getCharacterEncodingScheme();
    if (charset == null && declared != null && !reads(declared)) {
      throw violation(WRONG_CHARSET);
    }
    return new HardenedReader(reader);
  }

  /**
   * The charset that a content type names, as the caller wrote it; null if it names none. The
   * request's own answer is one that Spring has filled in.
   */
  static @Nullable String charset(@Nullable String contentType) {
    Matcher charset = CHARSET.matcher(contentType == null ? "" : contentType);
    return charset.find() ? charset.group(1) : null;
  }

  /** Whether a request may be in a charset. */
  static boolean reads(String charset) {
    return CHARSETS.contains(charset.toUpperCase(Locale.ROOT));
  }

  /** How many elements are open; 1 inside the envelope. */
  int depth() {
    return depth;
  }

  /** The namespaces declared around the body's element, by prefix ("" for the default). */
  Map<String, String> scope() {
    return scope;
  }

  private void declare() {
    for (int i = 0; i < getNamespaceCount(); i++) {
      scope.put(
          Objects.requireNonNullElse(getNamespacePrefix(i), ""),
          Objects.requireNonNullElse(getNamespaceURI(i), ""));
    }
  }

  @Override
  public int next() throws XMLStreamException {
    int before = getEventType();
    if (before == END_DOCUMENT) {
      // Only CXF gets here, in search of a body.
      throw violation("The request is not a SOAP 1.1 envelope with a body");
    }
    int event = super.next();
    if (before == END_ELEMENT) {
      depth--;
    }
    if (event == START_ELEMENT) {
      depth++;
      if (depth == 1 || (depth < BODY_CHILD && "Body".equals(getLocalName()))) {
        declare();
      }
    } else if (event == DTD) {
      throw violation("A document type declaration (DOCTYPE) is not accepted");
    }
    return event;
  }

  /** Goes through {@link #next}, which the delegate's own would not. */
  @Override
  public int nextTag() throws XMLStreamException {
    while (true) {
      switch (next()) {
        case START_ELEMENT, END_ELEMENT -> {
          return getEventType();
        }
        case CHARACTERS, CDATA -> {
          if (!isWhiteSpace()) {
            throw new XMLStreamException("text where an element is expected");
          }
        }
        case END_DOCUMENT -> throw new XMLStreamException("end where an element is expected");
        default -> {}
      }
    }
  }

  @Override
  public String getElementText() throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (next()) {
        case CHARACTERS, CDATA, SPACE -> text.append(getText());
        case END_ELEMENT -> {
          return text.toString();
        }
        case START_ELEMENT -> throw violation("There is an element where only text is expected");
        default -> {}
      }
    }
  }

  /** What a caller of a larger request is told. */
  static String tooLarge(int largest) {
    return "The request is larger than "
        + (largest < 1024 * 1024 ? largest / 1024 + " kB" : largest / 1024 / 1024 + " MB");
  }

  private static XMLStreamException violation(String text) {
    return new XMLStreamException(new Violation(text));
  }

  /** Woodstox, which has every limit; by name, since several parsers are on the class path. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory =
        ServiceLoader.load(XMLInputFactory.class).stream()
            .filter(parser -> parser.type().getName().equals("com.ctc.wstx.stax.WstxInputFactory"))
            .findFirst()
            .orElseThrow()
            .get();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, 100);
    factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_COUNT, 200_000L);
    factory.setProperty(WstxInputProperties.P_MAX_TEXT_LENGTH, 1024 * 1024);
    factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, 100);
    factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, 64 * 1024);
    factory.setProperty(WstxInputProperties.P_MAX_CHARACTERS, (long) MAX_BYTES);
    return factory;
  }

  /** A request we do not read on; the message is for the caller. */
  static final class Violation extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    Violation(String message) {
      super(message);
    }
  }

  private static final class Bounded extends FilterInputStream {

    private final int largest;
    private final Clock clock;
    private final Instant latest;
    private long left;

    Bounded(InputStream in, int largest, Clock clock) {
      super(in);
      this.largest = largest;
      this.clock = clock;
      this.latest = clock.instant().plus(MAX_TIME);
      this.left = largest;
    }

    @Override
    public int read() throws IOException {
      return counted(super.read(), 1);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      return counted(read, read);
    }

    private int counted(int result, int bytes) throws IOException {
      if (result >= 0) {
        left -= bytes;
      }
      if (left < 0) {
        throw new Violation(tooLarge(largest));
      }
      if (clock.instant().isAfter(latest)) {
        throw new Violation("The request took longer than 30 s to arrive");
      }
      return result;
    }
  }
}
