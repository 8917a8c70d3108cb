package se.samflode.api.rivta;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.access.Consumer;
import se.samflode.access.Consumers;
import se.samflode.access.TrustedPeers;
import se.samflode.api.Room;

/**
 * Stands before all below {@code /rivta}: lets in trusted peers only, only to what is published,
 * and only if this node has room. Reads no body. Thread-safe.
 */
final class SoapGate implements Filter {

  /** The request's attribute that holds its {@link SoapAnswer}. */
  static final String ANSWER = "samflode.answer";

  private static final Logger LOG = LoggerFactory.getLogger(SoapGate.class);
  private static final String OVERLOADED =
      "Too many requests at once; ask again after the seconds in Retry-After";
  private static final Pattern DESCRIPTION = Pattern.compile("(?i)wsdl|xsd=.+");
  private static final Pattern CONTENT_TYPE =
      Pattern.compile("(?i)(text|application)/xml\\s*(;.*)?");

  private final TrustedPeers peers;
  private final Consumers consumers;
  private final Map<String, Room> published;

  /**
   * @param published the paths of the endpoints, from the root, and where their requests find room
   */
  SoapGate(TrustedPeers peers, Consumers consumers, Map<String, Room> published) {
    this.peers = peers;
    this.consumers = consumers;
    this.published = Map.copyOf(published);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    HttpServletResponse answer = (HttpServletResponse) response;
    boolean post = "POST".equals(http.getMethod());
    Room room = published.get(http.getRequestURI());
    if (!peers.trusts(http.getRemoteAddr())) {
      LOG.atWarn()
          .addKeyValue("event", "soap.untrusted-peer")
          .addKeyValue("peer", http.getRemoteAddr())
          .log("a caller of the SOAP side is not in samflode.trusted-proxies");
      refuse(answer, post, HttpServletResponse.SC_FORBIDDEN, "The caller is not trusted");
    } else if (room == null) {
      write(answer, HttpServletResponse.SC_NOT_FOUND, "text/plain", "Nothing here\n");
    } else if (!post && !asksForDescription(http)) {
      answer.setHeader("Allow", "POST");
      write(
          answer,
          HttpServletResponse.SC_METHOD_NOT_ALLOWED,
          "text/plain",
          "Send a SOAP request with POST, or GET ?wsdl\n");
    } else if (!post) {
      chain.doFilter(request, response);
    } else {
      String problem = problem(http);
      if (problem == null) {
        passIfThereIsRoom(room, http, answer, chain);
      } else {
        fault(answer, problem);
      }
    }
  }

  private void passIfThereIsRoom(
      Room room, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try (Room.Place place = room.enter(isBatch(request))) {
      if (place == null) {
        response.setIntHeader("Retry-After", Room.RETRY_AFTER_SECONDS);
        fault(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, OVERLOADED);
      } else {
        pass(request, response, chain);
      }
    }
  }

  /** Who asked first counts, if he is known; else who sends it. */
  private boolean isBatch(HttpServletRequest request) {
    return Stream.of(AggregatingOperation.ORIGINAL_CONSUMER, AggregatingOperation.SENDER)
        .map(request::getHeader)
        .filter(Objects::nonNull)
        .flatMap(hsaId -> consumers.byHsaId(hsaId).stream())
        .findFirst()
        .map(Consumer::batch)
        .orElse(false);
  }

  /** Whatever becomes of the request, its answer is given up when this returns. */
  private static void pass(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } finally {
      if (request.getAttribute(ANSWER) instanceof SoapAnswer answer) {
        answer.written().run();
      }
    }
  }

  private static boolean asksForDescription(HttpServletRequest http) {
    String query = http.getQueryString();
    return "GET".equals(http.getMethod()) && query != null && DESCRIPTION.matcher(query).matches();
  }

  private static @Nullable String problem(HttpServletRequest http) {
    String type = http.getContentType();
    String coding = http.getHeader("Content-Encoding");
    if (type != null && !CONTENT_TYPE.matcher(type).matches()) {
      return "The content type must be text/xml";
    }
    if (coding != null && !"identity".equals(coding.toLowerCase(Locale.ROOT))) {
      return "The request must not be compressed";
    }
    String charset = HardenedReader.charset(type);
    if (charset != null && !HardenedReader.reads(charset)) {
      return HardenedReader.WRONG_CHARSET;
    }
    return http.getContentLengthLong() > HardenedReader.MAX_BYTES
        ? HardenedReader.tooLarge(HardenedReader.MAX_BYTES)
        : null;
  }

  private static void refuse(HttpServletResponse answer, boolean soap, int status, String text)
      throws IOException {
    if (soap) {
      fault(answer, text);
    } else {
      write(answer, status, "text/plain", text + "\n");
    }
  }

  private static void fault(HttpServletResponse answer, String text) throws IOException {
    fault(answer, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, text);
  }

  /** A fault of a fixed text, which needs no escaping. */
  private static void fault(HttpServletResponse answer, int status, String text)
      throws IOException {
    write(
        answer,
        status,
        "text/xml",
        """
        <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\
        <soap:Fault><faultcode>soap:Server</faultcode><faultstring>%s</faultstring></soap:Fault>\
        </soap:Body></soap:Envelope>\
        """
            .formatted(text));
  }

  private static void write(HttpServletResponse answer, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    answer.setStatus(status);
    answer.setContentType(type + ";charset=UTF-8");
    answer.setContentLength(bytes.length);
    answer.getOutputStream().write(bytes);
  }
}
